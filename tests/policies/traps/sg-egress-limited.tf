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

resource "aws_security_group" "every_port_of_tcp" { # FAILED
  tags = { DataClassification = "secret" }
  egress {
    protocol  = "tcp"
    from_port = 0
    to_port   = 65535
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "every_port_of_udp_over_ipv6" { # FAILED
  tags = { DataClassification = "secret" }
  egress {
    protocol  = "17"
    from_port = 1023
    to_port   = 65535
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_security_group" "all_but_a_few" { # FAILED
  tags = { DataClassification = "secret" }
  egress {
    protocol  = "TCP"
    from_port = 1
    to_port   = 65000
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "in_two_parts" { # UNKNOWN
  tags = { DataClassification = "secret" }
  egress {
    protocol  = "tcp"
    from_port = 0
    to_port   = 30000
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol  = "tcp"
    from_port = 30001
    to_port   = 65535
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "a_list" { # UNKNOWN
  tags = { DataClassification = "secret" }
  egress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    prefix_list_ids = ["pl-1"]
  }
}

resource "aws_security_group" "a_few_ports" { # PASSED
  tags = { DataClassification = "secret" }
  egress {
    protocol  = "tcp"
    from_port = 443
    to_port   = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol  = "tcp"
    from_port = 8443
    to_port   = 8444
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol  = "tcp"
    from_port = 0
    to_port   = 65535
    cidr_blocks = ["10.0.0.0/16"]
    prefix_list_ids = []
  }
}

resource "aws_security_group" "beside" { # FAILED
  tags = { DataClassification = "secret" }
}

resource "aws_vpc_security_group_egress_rule" "beside" {
  security_group_id = aws_security_group.beside.id
  ip_protocol       = "tcp"
  from_port         = 0
  to_port           = 65535
  cidr_ipv4         = "0.0.0.0/0"
}
