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

resource "aws_security_group" "large" { # PASSED
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

resource "aws_security_group" "in_two_parts" { # FAILED
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
resource "aws_security_group" "halves_in_two_rules" { # FAILED
  tags = { DataClassification = "secret" }
}

resource "aws_vpc_security_group_egress_rule" "half" {
  for_each          = toset(["0.0.0.0/1", "128.0.0.0/1"])
  security_group_id = aws_security_group.halves_in_two_rules.id
  ip_protocol       = "-1"
  cidr_ipv4         = each.value
}

resource "aws_security_group" "sixteenths" { # FAILED
  tags = { DataClassification = "secret" }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = [for number in range(256) : "51.${number}.0.0/16"]
  }
}

resource "aws_security_group" "list_of_the_code" { # FAILED
  tags = { DataClassification = "secret" }
  egress {
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    prefix_list_ids = [aws_ec2_managed_prefix_list.all.id]
  }
}

resource "aws_ec2_managed_prefix_list" "all" {
  name           = "all"
  address_family = "IPv6"
  max_entries    = 2
  entry {
    cidr = "::/1"
  }
}

resource "aws_ec2_managed_prefix_list_entry" "other_half" {
  prefix_list_id = aws_ec2_managed_prefix_list.all.id
  cidr           = "8000::/1"
}

resource "aws_security_group" "narrow_list_of_the_code" { # PASSED
  tags = { DataClassification = "secret" }
}

resource "aws_vpc_security_group_egress_rule" "narrow_list" {
  security_group_id = aws_security_group.narrow_list_of_the_code.id
  ip_protocol       = "-1"
  prefix_list_id    = aws_ec2_managed_prefix_list.narrow["office"].id
}

resource "aws_ec2_managed_prefix_list" "narrow" {
  for_each       = { office = "192.0.2.0/24" }
  name           = each.key
  address_family = "IPv4"
  max_entries    = 1
  entry {
    cidr = each.value
  }
}

resource "aws_default_security_group" "default" { # FAILED
  tags   = { DataClassification = "secret" }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
