resource "aws_s3_bucket_ownership_controls" "acls_do_not_count" {
  bucket = aws_s3_bucket.private.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}
