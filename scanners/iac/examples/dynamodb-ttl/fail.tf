resource "aws_dynamodb_table" "sessions" { # FAILED
  name     = "sessions"
  hash_key = "id"

  ttl {
    attribute_name = "expires"
    enabled        = false
  }

  tags = {
    PersonalData = "yes"
  }
}

resource "aws_dynamodb_table" "customers" { # FAILED
  name     = "customers"
  hash_key = "id"

  tags = {
    PersonalData = "yes"
    Retention    = "1095d"
  }
}

provider "aws" {}
