provider "aws" {
  region = "eu-west-3"
  default_tags {
    tags = {
      DataClassification = "internal"
      PersonalData       = "no"
    }
  }
}

resource "aws_s3_bucket" "by_default" {
  bucket = "example-site"
}

resource "aws_dynamodb_table" "customers" {
  name     = "customers"
  hash_key = "id"

  tags = {
    DataClassification = "confidential"
    PersonalData       = "yes"
  }
}
