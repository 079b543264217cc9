resource "aws_default_security_group" "closed" {
  vpc_id = "vpc-0123456789abcdef0"
}

resource "aws_default_security_group" "closed_in_words" {
  vpc_id  = "vpc-0123456789abcdef0"
  ingress = []
  egress  = []
}
