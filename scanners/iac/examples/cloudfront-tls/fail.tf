resource "aws_cloudfront_distribution" "old" { # FAILED
  enabled = true
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-4000-8000-000000000000"
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.1_2016"
  }
}
resource "aws_cloudfront_distribution" "default" { # FAILED
  enabled = true
  viewer_certificate {
    cloudfront_default_certificate = true
    minimum_protocol_version       = "TLSv1.2_2021"
  }
}
resource "aws_cloudfront_distribution" "silent" { # FAILED
  enabled = true
}
