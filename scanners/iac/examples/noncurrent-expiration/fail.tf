resource "aws_s3_bucket" "without_lifecycle" { # FAILED
  bucket = "documents"
}

resource "aws_s3_bucket_versioning" "without_lifecycle" {
  bucket = aws_s3_bucket.without_lifecycle.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket" "moved_alone" { # FAILED
  bucket = "archive"

  versioning {
    enabled = true
  }

  lifecycle_rule {
    enabled = true

    noncurrent_version_transition {
      days          = 30
      storage_class = "GLACIER"
    }
  }
}

resource "aws_s3_bucket" "of_current_ones_alone" { # FAILED
  bucket = "exports"
}

resource "aws_s3_bucket_versioning" "of_current_ones_alone" {
  bucket = aws_s3_bucket.of_current_ones_alone.id

  versioning_configuration {
    status = "Suspended"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "of_current_ones_alone" {
  bucket = aws_s3_bucket.of_current_ones_alone.id

  rule {
    id     = "year"
    status = "Enabled"

    expiration {
      days = 365
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}
