resource "aws_network_acl" "web" {
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 443
    to_port    = 443
    cidr_block = "0.0.0.0/0"
  }
  ingress {
    rule_no    = 110
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "10.0.0.0/8"
  }
}

resource "aws_network_acl_rule" "https" {
  network_acl_id = "acl-1"
  rule_number    = 100
  rule_action    = "allow"
  egress         = false
  protocol       = "6"
  from_port      = 443
  to_port        = 443
  cidr_block     = "0.0.0.0/0"
}
