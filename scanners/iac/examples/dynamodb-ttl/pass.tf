resource "aws_dynamodb_table" "sessions" {
  name     = "sessions"
  hash_key = "id"

  ttl {
    attribute_name = "expires"
    enabled        = true
  }

  tags = {
    PersonalData = "yes"
  }
}

resource "aws_dynamodb_table" "customers" {
  name     = "customers"
  hash_key = "id"

  tags = {
    PersonalData = "yes"
    Retention    = "job:delete-inactive-customers"
  }
}

provider "aws" {}
