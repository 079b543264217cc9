resource "aws_route53domains_registered_domain" "shop" {
  domain_name = "shop.example.org"
}

resource "aws_route53domains_domain" "other" {
  domain_name   = "other.example.org"
  transfer_lock = true
}
