resource "aws_cloudfront_distribution" "silent" { # FAILED
  enabled = true

  origin {
    origin_id   = "bucket"
    domain_name = "site.s3.amazonaws.com"
  }
}
