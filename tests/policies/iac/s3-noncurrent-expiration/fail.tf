resource "aws_s3_bucket_lifecycle_configuration" "fragments_stay" { # FAILED
  bucket = "documents"

  rule {
    id     = "three-years"
    status = "Enabled"

    expiration {
      days = 1095
    }
  }
}
