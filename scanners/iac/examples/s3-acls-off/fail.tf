resource "aws_s3_bucket_ownership_controls" "acls_count" { # FAILED
  bucket = "acls-count"

  rule {
    object_ownership = "ObjectWriter"
  }
}
