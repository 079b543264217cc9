resource "aws_dynamodb_table" "rows" { # FAILED
  name           = "rows"
  billing_mode   = "PROVISIONED"
  read_capacity  = 5
  write_capacity = 5
}

resource "aws_dynamodb_table" "default" { # FAILED
  name           = "default"
  read_capacity  = 5
  write_capacity = 5
}
