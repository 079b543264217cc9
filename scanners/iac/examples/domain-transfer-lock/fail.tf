resource "aws_route53domains_registered_domain" "shop" { # FAILED
  domain_name   = "shop.example.org"
  transfer_lock = false
}

resource "aws_route53domains_domain" "other" { # FAILED
  domain_name   = "other.example.org"
  transfer_lock = false
}
