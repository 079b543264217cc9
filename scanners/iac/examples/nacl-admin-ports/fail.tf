resource "aws_network_acl" "web" {
  vpc_id = "vpc-0123456789abcdef0"
}

resource "aws_network_acl_rule" "everything" { # FAILED
  network_acl_id = aws_network_acl.web.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
