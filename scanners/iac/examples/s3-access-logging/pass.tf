resource "aws_s3_bucket" "logged" {
  bucket = "logged"
}

resource "aws_s3_bucket_logging" "logged" {
  bucket        = aws_s3_bucket.logged.id
  target_bucket = "logs"
  target_prefix = "logged/"
}
