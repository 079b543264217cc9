provider "aws" {
  region = "eu-west-3"
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
}

resource "aws_s3_bucket" "second_site" {
  region = "eu-west-1"
}
