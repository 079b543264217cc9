resource "aws_s3_bucket" "own_key" {
  bucket = "own-key"

  tags = {
    DataClassification = "secret"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "own_key" {
  bucket = aws_s3_bucket.own_key.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-4000-8000-000000000000"
    }
  }
}
