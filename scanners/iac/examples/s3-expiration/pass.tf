resource "aws_s3_bucket" "expires" {
  bucket = "expires"

  tags = {
    PersonalData = "yes"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "expires" {
  bucket = aws_s3_bucket.expires.id

  rule {
    id     = "three-years"
    status = "Enabled"

    expiration {
      days = 1095
    }
  }
}
