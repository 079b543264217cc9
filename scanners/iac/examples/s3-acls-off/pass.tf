resource "aws_s3_bucket_ownership_controls" "off" {
  bucket = "shop"

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}
