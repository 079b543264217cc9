resource "aws_s3_bucket" "data" { # PASSED
  bucket = "data"
}
resource "aws_s3_bucket" "logs" { # FAILED
  bucket = "logs"
}
resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.data.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "data/"
}
resource "aws_s3_bucket" "inline" { # PASSED
  logging {
    target_bucket = aws_s3_bucket.logs.id
  }
}
resource "aws_s3_bucket" "nothing" { # FAILED
  logging {
    target_bucket = ""
  }
}
variable "on" {
  type = bool
}
resource "aws_s3_bucket" "perhaps" { # UNKNOWN
  bucket = "perhaps"
}
resource "aws_s3_bucket_logging" "perhaps" {
  count         = var.on ? 1 : 0
  bucket        = aws_s3_bucket.perhaps.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "perhaps/"
}
resource "aws_s3_bucket" "to_a_locked_one" { # FAILED
  bucket = "to-a-locked-one"
}
resource "aws_s3_bucket_logging" "to_a_locked_one" {
  bucket        = aws_s3_bucket.to_a_locked_one.id
  target_bucket = aws_s3_bucket.locked.id
  target_prefix = "x/"
}
resource "aws_s3_bucket" "locked" {
  bucket              = "locked"
  object_lock_enabled = true
}
