resource "aws_dynamodb_table" "orders" {
  name                        = "orders"
  deletion_protection_enabled = true
}

resource "aws_dynamodb_table_replica" "orders" {
  global_table_arn            = aws_dynamodb_table.orders.arn
  deletion_protection_enabled = true
}
