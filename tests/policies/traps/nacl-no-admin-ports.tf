resource "aws_network_acl" "refused_before" { # UNKNOWN
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 90
    action     = "deny"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_network_acl" "range_around" { # FAILED
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "6"
    from_port  = 20
    to_port    = 25
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_network_acl" "other_case" { # FAILED
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "TCP"
    from_port  = 22
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_network_acl" "udp" { # PASSED
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "udp"
    from_port  = 22
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_network_acl" "half_of_all" { # FAILED
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "128.0.0.0/1"
  }
}

resource "aws_network_acl" "private" { # PASSED
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "10.0.0.0/8"
  }
}

resource "aws_network_acl_rule" "all" { # UNKNOWN
  network_acl_id = "acl-1"
  rule_number    = 100
  rule_action    = "allow"
  egress         = false
  protocol       = "-1"
  from_port      = 0
  to_port        = 0
  cidr_block     = "0.0.0.0/0"
}

resource "aws_network_acl_rule" "refusal" { # NOTHING
  network_acl_id = "acl-1"
  rule_number    = 100
  rule_action    = "deny"
  egress         = false
  protocol       = "-1"
  from_port      = 0
  to_port        = 0
  cidr_block     = "0.0.0.0/0"
}

resource "aws_network_acl_rule" "outbound" { # NOTHING
  network_acl_id = "acl-1"
  rule_number    = 100
  rule_action    = "allow"
  egress         = true
  protocol       = "-1"
  from_port      = 0
  to_port        = 0
  cidr_block     = "0.0.0.0/0"
}

variable "port" {
  type = number
}
variable "office" {
  type = string
}
resource "aws_network_acl" "office_not_known" { # UNKNOWN
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = var.office
  }
}

resource "aws_network_acl" "port_not_known" { # UNKNOWN
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = var.port
    to_port    = var.port
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_network_acl" "on_the_other_net" { # FAILED
  vpc_id = "vpc-1"
  ingress {
    rule_no         = 100
    action          = "allow"
    protocol        = "tcp"
    from_port       = 22
    to_port         = 22
    ipv6_cidr_block = "::/0"
  }
}
resource "aws_network_acl" "nothing" { # PASSED
  vpc_id = "vpc-1"
}
resource "aws_network_acl" "loop" { # UNKNOWN
  vpc_id = "vpc-1"
  dynamic "ingress" {
    for_each = var.office == "" ? [] : [1]
    content {
      rule_no    = 100
      action     = "allow"
      protocol   = "tcp"
      from_port  = 22
      to_port    = 22
      cidr_block = "0.0.0.0/0"
    }
  }
}
