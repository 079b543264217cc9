resource "aws_s3_bucket" "silent" { # FAILED
  bucket = "silent"
}
