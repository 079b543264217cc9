resource "aws_cloudfront_distribution" "silent" { # FAILED
  enabled = true
}
