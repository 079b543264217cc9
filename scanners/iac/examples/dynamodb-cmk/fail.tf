resource "aws_dynamodb_table" "nothing" { # FAILED
  name = "nothing"
  tags = { DataClassification = "secret" }
}

resource "aws_dynamodb_table" "key_of_aws" { # FAILED
  name = "of-aws"
  tags = { DataClassification = "confidential" }
  server_side_encryption {
    enabled = true
  }
}

resource "aws_dynamodb_table_replica" "nothing" { # FAILED
  global_table_arn = aws_dynamodb_table.nothing.arn
  tags             = { DataClassification = "secret" }
}
