resource "aws_acm_certificate" "imported" { # UNKNOWN
  certificate_body = file("shop.pem")
}
variable "algorithm" {
  type = string
}
resource "aws_acm_certificate" "variable" { # UNKNOWN
  key_algorithm = var.algorithm
}
resource "aws_acm_certificate" "null" { # PASSED
  key_algorithm = null
}
resource "aws_acm_certificate" "not_listed" { # FAILED
  key_algorithm = "EC_secp192r1"
}
