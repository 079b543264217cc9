resource "aws_dynamodb_table" "orders" { # FAILED
  name = "orders"
}

resource "aws_dynamodb_table" "of_a_test" {
  name = "test"
  tags = { Environment = "test" }
}
