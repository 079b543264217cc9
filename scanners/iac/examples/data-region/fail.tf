provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "usa"
  region = "us-east-1"
}

resource "aws_s3_bucket" "home" {
  bucket = "techstart-home"
}

resource "aws_dynamodb_table" "by_provider" { # FAILED
  provider     = aws.usa
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
}

resource "aws_s3_bucket" "by_argument" { # FAILED
  region = "us-east-1"
}
