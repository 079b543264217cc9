resource "aws_dynamodb_table" "nothing" { # FAILED
  name = "nothing"
  tags = { DataClassification = "secret" }
}

resource "aws_dynamodb_table" "not_sensitive" {
  name = "public"
  tags = { DataClassification = "public" }
}
