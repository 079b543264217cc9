# AWS encrypts a bucket of which the code says nothing: only an algorithm that it does not have can fail.
resource "aws_s3_bucket" "wrong_algorithm" { # FAILED
  bucket = "wrong-algorithm"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "wrong_algorithm" {
  bucket = aws_s3_bucket.wrong_algorithm.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "none"
    }
  }
}
