resource "aws_security_group" "number_for_a_protocol" { # FAILED
  ingress {
    protocol    = 6
    from_port   = "3306"
    to_port     = "3306"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_vpc_security_group_ingress_rule" "all_protocols" { # FAILED
  security_group_id = "sg-1"
  ip_protocol       = -1
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_vpc_security_group_ingress_rule" "web" { # PASSED
  security_group_id = "sg-2"
  ip_protocol       = "tcp"
  from_port         = "443"
  to_port           = "443"
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_security_group_rule" "first_half" { # FAILED
  type              = "ingress"
  security_group_id = "sg-3"
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_blocks       = ["8.0.0.0/9"]
}
resource "aws_security_group_rule" "second_half" { # FAILED
  type              = "ingress"
  security_group_id = "sg-3"
  protocol          = "tcp"
  from_port         = 5000
  to_port           = 6000
  cidr_blocks       = ["8.128.0.0/9"]
}
