resource "aws_s3_bucket" "unblocked" { # FAILED
  bucket = "unblocked"
}
