resource "aws_s3_bucket" "versioned" {
  bucket = "documents"
}

resource "aws_s3_bucket_versioning" "versioned" {
  bucket = aws_s3_bucket.versioned.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "fragments_go" {
  bucket = aws_s3_bucket.versioned.id

  rule {
    id     = "fragments"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

# Its fragments stay, and no old version hides among them.
resource "aws_s3_bucket" "never_versioned" {
  bucket = "reports"
}

resource "aws_s3_bucket_versioning" "never_versioned" {
  bucket = aws_s3_bucket.never_versioned.id

  versioning_configuration {
    status = "Disabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "never_versioned" {
  bucket = aws_s3_bucket.never_versioned.id

  rule {
    id     = "month"
    status = "Enabled"

    expiration {
      days = 30
    }
  }
}
