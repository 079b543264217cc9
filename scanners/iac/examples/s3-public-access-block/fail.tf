resource "aws_s3_bucket" "unblocked" { # FAILED
  bucket = "unblocked"
}

resource "aws_s3_bucket_public_access_block" "elsewhere" { # FAILED
  bucket                  = "elsewhere"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = false
}

# One setting is off: told of the bucket, at the line of the setting.
resource "aws_s3_bucket" "nearly" { # FAILED
  bucket = "nearly"
}

resource "aws_s3_bucket_public_access_block" "nearly" {
  bucket                  = aws_s3_bucket.nearly.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = false
}
