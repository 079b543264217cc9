resource "aws_dynamodb_table" "patients" {
  name = "patients"
  tags = { DataClassification = "secret" }
  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:eu-west-3:111122223333:key/1"
  }
}

resource "aws_dynamodb_table_replica" "patients" {
  global_table_arn = aws_dynamodb_table.patients.arn
  kms_key_arn      = "arn:aws:kms:eu-west-1:111122223333:key/2"
  tags             = { DataClassification = "secret" }
}
