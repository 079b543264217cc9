resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_route53_resolver_firewall_rule_group_association" "main" {
  name                   = "threats"
  firewall_rule_group_id = "rslvr-frg-0123456789abcdef0"
  priority               = 101
  vpc_id                 = aws_vpc.main.id
}
