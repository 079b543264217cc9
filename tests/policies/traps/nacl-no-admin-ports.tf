variable "deny" {}
resource "aws_network_acl" "open" { # FAILED
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
resource "aws_network_acl" "refused_before" { # PASSED
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 90
    action     = "deny"
    protocol   = "tcp"
    cidr_block = "0.0.0.0/0"
    from_port  = 3389
    to_port    = 3389
  }
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = "0.0.0.0/0"
    from_port  = 1024
    to_port    = 65535
  }
}
resource "aws_network_acl" "refused_after" { # FAILED
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 110
    action     = "deny"
    protocol   = "6"
    cidr_block = "0.0.0.0/0"
    from_port  = 3389
    to_port    = 3389
  }
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "6"
    cidr_block = "0.0.0.0/1"
    from_port  = "1024"
    to_port    = 65535
  }
}
resource "aws_network_acl" "closed" { # PASSED
  vpc_id = "vpc-1"
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
resource "aws_network_acl_rule" "open" { # FAILED
  network_acl_id  = aws_network_acl.closed.id
  rule_number     = 100
  rule_action     = "ALLOW"
  protocol        = "all"
  ipv6_cidr_block = "::/0"
}
resource "aws_network_acl_rule" "goes_out" { # NOTHING
  network_acl_id = aws_network_acl.closed.id
  rule_number    = 100
  egress         = true
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
resource "aws_network_acl" "apart" { # PASSED
  vpc_id = "vpc-1"
}
resource "aws_network_acl_rule" "first_refuses" { # PASSED
  network_acl_id = aws_network_acl.apart.id
  rule_number    = 90
  rule_action    = "deny"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
resource "aws_network_acl_rule" "then_lets_in" { # PASSED
  network_acl_id = aws_network_acl.apart.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 22
  to_port        = 22
  cidr_block     = "0.0.0.0/0"
}
resource "aws_network_acl_rule" "any_source" { # UNKNOWN
  network_acl_id = "acl-1"
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 22
  to_port        = 22
  cidr_block     = var.deny
}
resource "aws_network_acl_rule" "web" { # PASSED
  network_acl_id = "acl-2"
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 443
  to_port        = 443
  cidr_block     = "0.0.0.0/0"
}
variable "perhaps" {
  type = bool
}
variable "lists" {}
resource "aws_network_acl" "perhaps_refused" { # UNKNOWN
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
resource "aws_network_acl_rule" "perhaps_refused" {
  count          = var.perhaps ? 1 : 0
  network_acl_id = aws_network_acl.perhaps_refused.id
  rule_number    = 10
  rule_action    = "deny"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
resource "aws_network_acl" "refused_one_way" { # UNKNOWN
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
resource "aws_network_acl_rule" "refused_one_way" {
  network_acl_id = aws_network_acl.refused_one_way.id
  egress         = var.perhaps
  rule_number    = 10
  rule_action    = "deny"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
resource "aws_network_acl" "refused_here_or_there" { # UNKNOWN
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
resource "aws_network_acl_rule" "refused_here_or_there" {
  network_acl_id = var.perhaps ? aws_network_acl.refused_here_or_there.id : aws_network_acl.apart.id
  rule_number    = 10
  rule_action    = "deny"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
resource "aws_network_acl_rule" "of_one_list" { # FAILED
  network_acl_id = lookup(var.lists, "a", "")
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
resource "aws_network_acl_rule" "of_another_list" { # PASSED
  network_acl_id = lookup(var.lists, "b", "")
  rule_number    = 10
  rule_action    = "deny"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
resource "aws_default_network_acl" "of_a_network" { # NOTHING
  default_network_acl_id = "acl-0123456789abcdef0"
}
resource "aws_network_acl_rule" "of_a_default_list" { # NOTHING
  network_acl_id = aws_default_network_acl.of_a_network.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
