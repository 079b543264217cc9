resource "aws_security_group" "many" { # PASSED
  name = "many"
}
locals {
  parts = ["1.0.0.0/9", "1.128.0.0/9", "2.0.0.0/9"]
}
resource "aws_vpc_security_group_ingress_rule" "parts" { # FAILED
  for_each          = toset(local.parts)
  security_group_id = aws_security_group.many.id
  ip_protocol       = "tcp"
  from_port         = "22"
  to_port           = "22"
  cidr_ipv4         = each.value
}
resource "aws_security_group" "half_inline" { # FAILED
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["8.0.0.0/9"]
  }
}
resource "aws_security_group_rule" "other_half" { # FAILED
  type              = "ingress"
  security_group_id = aws_security_group.half_inline.id
  protocol          = "6"
  from_port         = 20
  to_port           = "23"
  cidr_blocks       = ["8.128.0.0/9"]
}
variable "group" {}
resource "aws_security_group_rule" "of_a_variable_one" { # FAILED
  type              = "ingress"
  security_group_id = var.group
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["8.0.0.0/9"]
}
resource "aws_security_group_rule" "of_a_variable_two" { # FAILED
  type              = "ingress"
  security_group_id = var.group
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["8.128.0.0/9"]
}
resource "aws_security_group_rule" "of_another_port" { # PASSED
  type              = "ingress"
  security_group_id = var.group
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["8.128.0.0/9"]
}
resource "aws_security_group" "small" { # PASSED
  name = "small"
}
resource "aws_security_group_rule" "small" { # PASSED
  type              = "ingress"
  security_group_id = aws_security_group.small.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["8.0.0.0/9"]
}
resource "aws_security_group" "wide_elsewhere" { # PASSED
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group_rule" "wide" { # FAILED
  type              = "ingress"
  security_group_id = aws_security_group.wide_elsewhere.id
  protocol          = "tcp"
  from_port         = "0"
  to_port           = "65535"
  ipv6_cidr_blocks  = ["::/0"]
}
variable "more" {}
resource "aws_security_group" "and_whatever_else" { # FAILED
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = distinct(concat(var.more, ["0.0.0.0/0"]))
  }
}
resource "aws_security_group" "either_way" { # FAILED
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = var.more == "x" ? ["0.0.0.0/0"] : ["10.0.0.0/8", "0.0.0.0/0"]
  }
}
resource "aws_security_group" "one_way" { # UNKNOWN
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = var.more == "x" ? ["0.0.0.0/0"] : ["10.0.0.0/8"]
  }
}
resource "aws_security_group" "narrow_and_whatever_else" { # UNKNOWN
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = concat(["10.0.0.0/8"], var.more)
  }
}
variable "network" {}
variable "networks" {}
variable "perhaps" {}
data "aws_vpc" "found" {
  default = true
}
resource "aws_vpc" "own" {
  cidr_block = var.network
}
resource "aws_subnet" "part" {
  vpc_id     = aws_vpc.own.id
  cidr_block = cidrsubnet(var.networks, 8, 1)
}
resource "aws_vpc" "perhaps" {
  count      = var.more == "x" ? 1 : 0
  cidr_block = var.perhaps
}
resource "aws_security_group" "own_network" { # PASSED
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [aws_vpc.own.cidr_block]
  }
}
resource "aws_security_group" "variable_of_own_network" { # PASSED
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.network]
  }
}
resource "aws_security_group" "own_network_and_all" { # FAILED
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.network, "0.0.0.0/0"]
  }
}
resource "aws_security_group" "part_of_what_is_let_in" { # UNKNOWN
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.networks]
  }
}
resource "aws_security_group" "network_that_may_not_be_made" { # UNKNOWN
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.perhaps]
  }
}
resource "aws_security_group" "own_network_widened" { # UNKNOWN
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [replace(var.network, "/16", "/0")]
  }
}
resource "aws_security_group" "network_looked_up" { # PASSED
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [data.aws_vpc.found.cidr_block]
  }
}
resource "aws_security_group" "network_looked_up_or_all" { # UNKNOWN
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [coalesce(data.aws_vpc.found.cidr_block_associations[0].cidr_block, "::/0")]
  }
}

resource "aws_lightsail_instance_public_ports" "open" { # FAILED
  instance_name = "shop"
  port_info {
    protocol  = "tcp"
    from_port = 443
    to_port   = 443
  }
  port_info {
    protocol  = "all"
    from_port = 0
    to_port   = 65535
    cidrs     = ["0.0.0.0/0"]
  }
}

resource "aws_lightsail_instance_public_ports" "from_where" { # UNKNOWN
  instance_name = "shop"
  port_info {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
  }
}

variable "aliases" {}

variable "no_aliases" {
  default = []
}

resource "aws_lightsail_instance_public_ports" "alias" { # PASSED
  instance_name = "shop"
  port_info {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    cidr_list_aliases = ["lightsail-connect"]
  }
}

resource "aws_lightsail_instance_public_ports" "unknown_alias" { # UNKNOWN
  instance_name = "shop"
  port_info {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    cidr_list_aliases = var.aliases
  }
}

resource "aws_lightsail_instance_public_ports" "perhaps_an_alias" { # UNKNOWN
  instance_name = "shop"
  port_info {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    cidr_list_aliases = var.aliases == "" ? ["lightsail-connect"] : null
  }
}

resource "aws_lightsail_instance_public_ports" "no_alias" { # UNKNOWN
  instance_name = "shop"
  port_info {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    cidr_list_aliases = []
  }
}

resource "aws_lightsail_instance_public_ports" "no_alias_by_default" { # UNKNOWN
  instance_name = "shop"
  port_info {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    cidrs = []
    cidr_list_aliases = var.no_aliases
  }
}

resource "aws_lightsail_instance_public_ports" "of_one_version" { # UNKNOWN
  instance_name = "shop"
  port_info {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    ipv6_cidrs = ["2001:db8::/64"]
  }
}

resource "aws_lightsail_instance_public_ports" "ours" { # PASSED
  instance_name = aws_lightsail_instance.ours.name
  port_info {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    cidrs     = ["192.0.2.0/24"]
  }
}

resource "aws_lightsail_instance" "ours" { # NOTHING
  name = "ours"
}

resource "aws_lightsail_instance" "of_lightsail" { # UNKNOWN
  name = "other"
}

resource "aws_gamelift_fleet" "open" { # FAILED
  ec2_inbound_permission {
    protocol  = "TCP"
    from_port = 20
    to_port   = 25
    ip_range  = "0.0.0.0/0"
  }
}

resource "aws_gamelift_fleet" "loop" { # UNKNOWN
  dynamic "ec2_inbound_permission" {
    for_each = var.permissions
    content {
      protocol  = "TCP"
      from_port = 22
      to_port   = 22
      ip_range  = ec2_inbound_permission.value
    }
  }
}

variable "permissions" {
  type = set(string)
}

resource "aws_gamelift_fleet" "game" { # PASSED
  ec2_inbound_permission {
    protocol  = "UDP"
    from_port = 1935
    to_port   = 2000
    ip_range  = "0.0.0.0/0"
  }
}
