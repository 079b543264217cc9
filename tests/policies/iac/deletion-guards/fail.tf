resource "aws_lb" "shop" { # FAILED
  name = "shop"
}

resource "aws_lb" "of_a_test" {
  name = "test"
  tags = { Environment = "staging" }
}
