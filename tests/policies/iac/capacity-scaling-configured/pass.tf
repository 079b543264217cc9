resource "aws_dynamodb_table" "on_demand" {
  name         = "orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
}
