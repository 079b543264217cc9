resource "aws_dynamodb_table" "no_way_back" { # FAILED
  name     = "orders"
  hash_key = "id"
}
