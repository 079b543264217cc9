resource "aws_instance" "shop" { # FAILED
  ami           = "ami-1"
  instance_type = "t3.small"
}
