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

resource "aws_network_acl" "default_network_acl_id" {
  vpc_id = "vpc-0123456789abcdef0"
}

resource "aws_network_acl_rule" "of_an_ordinary_one" { # FAILED
  network_acl_id = aws_network_acl.default_network_acl_id.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
