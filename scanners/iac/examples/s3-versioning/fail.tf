resource "aws_s3_bucket" "plain" { # FAILED
  bucket = "plain"
}

resource "aws_s3_bucket" "suspended" { # FAILED
  bucket = "suspended"
}

resource "aws_s3_bucket_versioning" "suspended" {
  bucket = aws_s3_bucket.suspended.id

  versioning_configuration {
    status = "Suspended"
  }
}
