resource "aws_dynamodb_table" "orders" { # FAILED
  name = "orders"
}

resource "aws_dynamodb_table_replica" "orders" { # FAILED
  global_table_arn            = aws_dynamodb_table.orders.arn
  deletion_protection_enabled = false
}
