resource "aws_acm_certificate" "short" { # FAILED
  domain_name       = "short.example.org"
  validation_method = "DNS"
  key_algorithm     = "RSA_1024"
}
