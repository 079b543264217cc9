resource "aws_default_vpc" "used" { # FAILED
}
