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
resource "aws_cloudfront_origin_access_control" "signs" {
  name                              = "signs"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}
resource "aws_cloudfront_origin_access_control" "never_signs" {
  name                              = "never"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "never"
  signing_protocol                  = "sigv4"
}
resource "aws_cloudfront_distribution" "signs" { # PASSED
  enabled = true
  origin {
    domain_name              = "photos.s3.eu-west-3.amazonaws.com"
    origin_access_control_id = aws_cloudfront_origin_access_control.signs.id
  }
  origin {
    domain_name = "shop.example.org"
    custom_origin_config {
      origin_protocol_policy = "https-only"
    }
  }
}
resource "aws_cloudfront_distribution" "never_signs" { # FAILED
  enabled = true
  origin {
    domain_name              = "photos.s3.eu-west-3.amazonaws.com"
    origin_access_control_id = aws_cloudfront_origin_access_control.signs.id
  }
  origin {
    domain_name              = "films.s3.eu-west-3.amazonaws.com"
    origin_access_control_id = aws_cloudfront_origin_access_control.never_signs.id
  }
}
resource "aws_cloudfront_distribution" "control_of_elsewhere" { # UNKNOWN
  enabled = true
  origin {
    domain_name              = "photos.s3.eu-west-3.amazonaws.com"
    origin_access_control_id = "E1"
  }
}
resource "aws_s3_bucket" "pages" {
  bucket = "pages-${var.server}"
}
resource "aws_cloudfront_origin_access_identity" "reads" {}
resource "aws_cloudfront_distribution" "identity_by_its_path" { # PASSED
  enabled = true
  origin {
    domain_name = aws_s3_bucket.pages.bucket_regional_domain_name
    s3_origin_config {
      origin_access_identity = aws_cloudfront_origin_access_identity.reads.cloudfront_access_identity_path
    }
  }
}
resource "aws_cloudfront_distribution" "website_of_a_bucket" { # FAILED
  enabled = true
  origin {
    domain_name = aws_s3_bucket.pages.website_endpoint
    custom_origin_config {
      origin_protocol_policy = "https-only"
    }
  }
}
resource "aws_cloudfront_distribution" "bucket_as_any_server" { # FAILED
  enabled = true
  origin {
    domain_name = aws_s3_bucket.pages.bucket_domain_name
    custom_origin_config {
      origin_protocol_policy = "https-only"
    }
  }
}
resource "aws_cloudfront_distribution" "looked_up_bucket_as_any_server" { # FAILED
  enabled = true
  origin {
    domain_name = data.aws_s3_bucket.found.bucket_regional_domain_name
    custom_origin_config {
      origin_protocol_policy = "https-only"
    }
  }
}
data "aws_s3_bucket" "found" {
  bucket = "found"
}
