resource "aws_dynamodb_table" "fixed" { # FAILED
  name           = "orders"
  hash_key       = "id"
  billing_mode   = "PROVISIONED"
  read_capacity  = 5
  write_capacity = 5
}
