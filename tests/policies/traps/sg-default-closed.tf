resource "aws_default_security_group" "closed" { # PASSED
  vpc_id = "vpc-1"
}
resource "aws_default_security_group" "empty_lists" { # PASSED
  vpc_id  = "vpc-1"
  ingress = []
  egress  = []
}
resource "aws_default_security_group" "itself" { # FAILED
  ingress {
    protocol  = "-1"
    self      = "1"
    from_port = "0"
    to_port   = "0"
  }
}
resource "aws_default_security_group" "out_only" { # FAILED
  egress {
    protocol    = -1
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
data "aws_security_group" "by_name" {
  vpc_id = "vpc-1"
  name   = "default"
}
data "aws_security_group" "by_another_name" {
  vpc_id = "vpc-1"
  name   = "web"
}
data "aws_security_groups" "by_filter" {
  filter {
    name   = "group-name"
    values = ["default"]
  }
}
data "aws_security_groups" "by_two_names" {
  filter {
    name   = "group-name"
    values = ["default", "web"]
  }
}
resource "aws_security_group" "default_security_group" { # NOTHING
  name = "web"
}
variable "no_default_security_group" {
  type = string
}
variable "either" {
  type = bool
}
data "aws_ssm_parameter" "not_the_default_security_group" {
  name = "x"
}
resource "aws_vpc_security_group_ingress_rule" "of_a_lookup" { # FAILED
  security_group_id = data.aws_security_group.by_name.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_vpc_security_group_ingress_rule" "of_a_lookup_of_another" { # NOTHING
  security_group_id = data.aws_security_group.by_another_name.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_vpc_security_group_ingress_rule" "of_a_filter" { # FAILED
  security_group_id = data.aws_security_groups.by_filter.ids[0]
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_vpc_security_group_ingress_rule" "of_a_filter_of_two" { # UNKNOWN
  security_group_id = data.aws_security_groups.by_two_names.ids[0]
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_vpc_security_group_ingress_rule" "of_a_group_with_its_name" { # NOTHING
  security_group_id = aws_security_group.default_security_group.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_vpc_security_group_ingress_rule" "of_a_variable" { # NOTHING
  security_group_id = var.no_default_security_group
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_vpc_security_group_ingress_rule" "of_a_parameter" { # NOTHING
  security_group_id = data.aws_ssm_parameter.not_the_default_security_group.value
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_vpc_security_group_ingress_rule" "of_the_default_one" { # FAILED
  security_group_id = aws_default_security_group.closed.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_vpc_security_group_ingress_rule" "of_one_of_two" { # UNKNOWN
  security_group_id = var.either ? data.aws_vpc.v.default_security_group_id : aws_security_group.default_security_group.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_vpc_security_group_ingress_rule" "of_a_loop" { # FAILED
  for_each          = toset([data.aws_vpc.v.default_security_group_id])
  security_group_id = each.key
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
data "aws_vpc" "v" {
  default = true
}
