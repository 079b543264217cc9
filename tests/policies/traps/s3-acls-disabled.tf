resource "aws_s3_bucket_ownership_controls" "writer" { # FAILED
  rule {
    object_ownership = "ObjectWriter"
  }
}
resource "aws_s3_bucket_ownership_controls" "preferred" { # FAILED
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}
resource "aws_s3_bucket_ownership_controls" "right" { # PASSED
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}
