resource "aws_vpc_security_group_ingress_rule" "all" { # FAILED
  security_group_id = "sg-1"
  ip_protocol       = -1
  cidr_ipv6         = "::/0"
}
resource "aws_security_group_rule" "all_ports_as_text" { # FAILED
  type              = "ingress"
  security_group_id = "sg-2"
  protocol          = "tcp"
  from_port         = "0"
  to_port           = "65535"
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_security_group_rule" "half_of_the_ports" { # FAILED
  type              = "ingress"
  security_group_id = "sg-3"
  protocol          = "tcp"
  from_port         = 0
  to_port           = 30000
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_security_group_rule" "the_other_half" { # FAILED
  type              = "ingress"
  security_group_id = "sg-3"
  protocol          = "tcp"
  from_port         = 30001
  to_port           = 65535
  cidr_blocks       = ["0.0.0.0/0"]
}
