resource "aws_vpc" "closed" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.closed.id
}

resource "aws_default_security_group" "of_a_network_made_elsewhere" {
  vpc_id = "vpc-0123456789abcdef0"
}

resource "aws_default_security_group" "closed_in_words" {
  vpc_id  = "vpc-0123456789abcdef0"
  ingress = []
  egress  = []
}

resource "aws_security_group_rule" "of_another_group" {
  security_group_id = "sg-0123456789abcdef0"
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["0.0.0.0/0"]
}
