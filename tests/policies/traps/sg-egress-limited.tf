resource "aws_security_group" "halves" { # FAILED
  tags = { DataClassification = "secret" }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/1", "128.0.0.0/1"]
  }
}

resource "aws_security_group" "named" { # FAILED
  tags = { DataClassification = "secret" }
  egress {
    protocol    = "all"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "mixed" { # FAILED
  tags = { DataClassification = "secret" }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]
  }
}

resource "aws_security_group" "large" { # UNKNOWN
  tags = { DataClassification = "secret" }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["52.0.0.0/9"]
  }
}

variable "cidr" {
  type = string
}
resource "aws_security_group" "variable" { # UNKNOWN
  tags = { DataClassification = "secret" }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = [var.cidr]
  }
}

resource "aws_security_group" "old_rule" { # FAILED
  tags = { DataClassification = "secret" }
}

resource "aws_security_group_rule" "old" {
  type              = "egress"
  security_group_id = aws_security_group.old_rule.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  ipv6_cidr_blocks  = ["::/0"]
}
resource "aws_security_group" "inbound_rule" { # PASSED
  tags = { DataClassification = "secret" }
}

resource "aws_security_group_rule" "inbound" {
  type              = "ingress"
  security_group_id = aws_security_group.inbound_rule.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_security_group" "perhaps" { # UNKNOWN
  tags = { DataClassification = "secret" }
}

resource "aws_vpc_security_group_egress_rule" "perhaps" {
  count             = var.cidr == "" ? 0 : 1
  security_group_id = aws_security_group.perhaps.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
