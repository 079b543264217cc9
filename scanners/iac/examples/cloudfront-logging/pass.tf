resource "aws_cloudfront_distribution" "logged" {
  enabled = true
  logging_config {
    bucket = "logs.s3.amazonaws.com"
  }
}
