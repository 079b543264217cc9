resource "aws_s3_bucket" "nothing" { # PASSED
  bucket = "nothing"
}
variable "on" {
  type = bool
}
resource "aws_s3_bucket_logging" "irrelevant" {
  count         = var.on ? 1 : 0
  bucket        = aws_s3_bucket.logged.id
  target_bucket = "logs"
}
resource "aws_s3_bucket" "logged" { # PASSED
  bucket = "logged"
}
resource "aws_s3_bucket" "two_keys" { # PASSED
  bucket = "two-keys"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "two_keys" {
  bucket = aws_s3_bucket.two_keys.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms:dsse"
    }
  }
}
resource "aws_s3_bucket" "inline" { # FAILED
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "rot13"
      }
    }
  }
}
