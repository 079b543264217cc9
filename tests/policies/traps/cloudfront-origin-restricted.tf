resource "aws_cloudfront_distribution" "off" { # NOTHING
  enabled = false
  origin {
    domain_name = "photos.s3.eu-west-3.amazonaws.com"
  }
}
resource "aws_cloudfront_distribution" "empty_identity" { # FAILED
  enabled = true
  origin {
    domain_name = "photos.s3.eu-west-3.amazonaws.com"
    s3_origin_config {
      origin_access_identity = ""
    }
  }
}
resource "aws_cloudfront_distribution" "identity" { # PASSED
  enabled = true
  origin {
    domain_name = "photos.s3.eu-west-3.amazonaws.com"
    s3_origin_config {
      origin_access_identity = "origin-access-identity/cloudfront/E1"
    }
  }
}
resource "aws_cloudfront_distribution" "one_of_two" { # FAILED
  enabled = true
  origin {
    domain_name              = "photos.s3.eu-west-3.amazonaws.com"
    origin_access_control_id = "E1"
  }
  origin {
    domain_name = "films.s3.eu-west-3.amazonaws.com"
  }
}
variable "server" {
  type = string
}
resource "aws_cloudfront_distribution" "server_not_known" { # UNKNOWN
  enabled = true
  origin {
    domain_name = var.server
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
}
resource "aws_cloudfront_distribution" "control_not_known" { # UNKNOWN
  enabled = true
  origin {
    domain_name              = "photos.s3.eu-west-3.amazonaws.com"
    origin_access_control_id = var.server
  }
}
resource "aws_cloudfront_distribution" "servers_only" { # NOTHING
  enabled = true
  origin {
    domain_name = "shop.example.org"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
}
