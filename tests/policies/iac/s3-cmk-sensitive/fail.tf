resource "aws_s3_bucket" "key_of_aws" { # FAILED
  bucket = "key-of-aws"

  tags = {
    DataClassification = "secret"
  }
}

resource "aws_s3_bucket" "ordinary" {
  bucket = "ordinary"

  tags = {
    DataClassification = "internal"
  }
}
