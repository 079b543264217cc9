resource "aws_s3_bucket" "versioned" {
  bucket = "documents"
}

resource "aws_s3_bucket_versioning" "versioned" {
  bucket = aws_s3_bucket.versioned.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "fragments_stay" { # FAILED
  bucket = aws_s3_bucket.versioned.id

  rule {
    id     = "old-versions"
    status = "Enabled"

    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "of_one_folder" { # FAILED
  bucket = aws_s3_bucket.versioned.id

  rule {
    id     = "folder"
    status = "Enabled"

    filter {
      prefix = "incoming/"
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket" "suspended" {
  bucket = "archive"
}

resource "aws_s3_bucket_versioning" "suspended" {
  bucket = aws_s3_bucket.suspended.id

  versioning_configuration {
    status = "Suspended"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "switched_off" { # FAILED
  bucket = aws_s3_bucket.suspended.id

  rule {
    id     = "fragments"
    status = "Disabled"

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  rule {
    id     = "old-versions"
    status = "Enabled"

    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "of_some_tags" { # FAILED
  bucket = aws_s3_bucket.versioned.id

  rule {
    id     = "tags"
    status = "Enabled"

    filter {
      and {
        prefix = ""
        tags   = { Team = "data" }
      }
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "of_one_tag" { # FAILED
  bucket = aws_s3_bucket.versioned.id

  rule {
    id     = "tag"
    status = "Enabled"

    filter {
      tag {
        key   = "Team"
        value = "data"
      }
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}
