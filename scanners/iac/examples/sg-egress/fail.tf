resource "aws_security_group" "open" { # FAILED
  tags = { DataClassification = "secret" }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "open_by_a_rule" { # FAILED
  tags = { DataClassification = "secret" }
}

resource "aws_vpc_security_group_egress_rule" "open" {
  security_group_id = aws_security_group.open_by_a_rule.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
