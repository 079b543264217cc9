resource "aws_route53domains_registered_domain" "null" { # PASSED
  transfer_lock = null
}
variable "moving" {
  type = bool
}
resource "aws_route53domains_registered_domain" "variable" { # UNKNOWN
  transfer_lock = !var.moving
}
