resource "aws_cloudfront_distribution" "encrypted" {
  enabled = true
  origin {
    origin_id   = "app"
    domain_name = "app-1.eu-west-3.elb.amazonaws.com"
    custom_origin_config {
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  origin {
    origin_id   = "files"
    domain_name = "files.s3.eu-west-3.amazonaws.com"
  }
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-4000-8000-000000000000"
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}
