provider "aws" {
  region = "eu-west-3"
  default_tags {
    tags = {
      RopaId = "TRT-001"
    }
  }
}

resource "aws_s3_bucket" "entry_by_default" {
  bucket = "example-clients"

  tags = {
    PersonalData = "yes"
  }
}

resource "aws_dynamodb_table" "entry_of_its_own" {
  name     = "sessions"
  hash_key = "id"

  tags = {
    PersonalData = "yes"
    RopaId       = "TRT-002"
  }
}
