resource "aws_acm_certificate" "shop" {
  domain_name       = "shop.example.org"
  validation_method = "DNS"
}

resource "aws_acm_certificate" "curve" {
  domain_name       = "curve.example.org"
  validation_method = "DNS"
  key_algorithm     = "EC_prime256v1"
}
