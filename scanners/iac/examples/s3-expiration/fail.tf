resource "aws_s3_bucket" "for_ever" { # FAILED
  bucket = "for-ever"

  tags = {
    PersonalData = "yes"
  }
}

resource "aws_s3_bucket" "switched_off" { # FAILED
  bucket = "switched-off"

  tags = {
    PersonalData = "yes"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "switched_off" {
  bucket = aws_s3_bucket.switched_off.id

  rule {
    id     = "a-year"
    status = "Disabled"

    expiration {
      days = 365
    }
  }
}

resource "aws_s3_bucket" "colder" { # FAILED
  bucket = "colder"

  tags = {
    PersonalData = "yes"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "colder" {
  bucket = aws_s3_bucket.colder.id

  rule {
    id     = "colder"
    status = "Enabled"

    transition {
      days          = 30
      storage_class = "GLACIER"
    }
  }
}
