resource "aws_s3_bucket" "bare" { # FAILED
  bucket = "bare"
}
