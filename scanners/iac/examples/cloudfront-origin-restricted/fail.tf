resource "aws_cloudfront_distribution" "open" { # FAILED
  enabled = true
  origin {
    origin_id   = "photos"
    domain_name = "photos.s3.eu-west-3.amazonaws.com"
  }
}

resource "aws_cloudfront_distribution" "website" { # FAILED
  enabled = true
  origin {
    origin_id   = "photos"
    domain_name = "photos.s3-website.eu-west-3.amazonaws.com"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
}

resource "aws_cloudfront_distribution" "path" { # FAILED
  enabled = true
  origin {
    origin_id   = "photos"
    domain_name = "S3.eu-west-3.amazonaws.com"
    origin_path = "/photos"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
}
