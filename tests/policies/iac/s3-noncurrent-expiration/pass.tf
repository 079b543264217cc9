resource "aws_s3_bucket_lifecycle_configuration" "fragments_go" {
  bucket = "documents"

  rule {
    id     = "fragments"
    status = "Enabled"

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}
