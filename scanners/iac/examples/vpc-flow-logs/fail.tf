resource "aws_vpc" "unseen" { # FAILED
  cidr_block = "10.0.0.0/16"
}
