resource "aws_vpc" "filtered" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_route53_resolver_firewall_rule_group_association" "filtered" {
  name                   = "threats"
  firewall_rule_group_id = "rslvr-frg-0123456789abcdef0"
  priority               = 101
  vpc_id                 = aws_vpc.filtered.id
}

resource "aws_vpc" "open" { # FAILED
  cidr_block = "10.1.0.0/16"
}
