resource "aws_vpc" "nothing" { # FAILED
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "all" { # PASSED
  cidr_block = "10.1.0.0/16"
}
resource "aws_flow_log" "all" {
  vpc_id       = aws_vpc.all.id
  traffic_type = "ALL"
}
resource "aws_vpc" "accepted_only" { # FAILED
  cidr_block = "10.2.0.0/16"
}
resource "aws_flow_log" "accepted_only" {
  vpc_id       = aws_vpc.accepted_only.id
  traffic_type = "ACCEPT"
}
resource "aws_vpc" "of_a_subnet" { # FAILED
  cidr_block = "10.3.0.0/16"
}
resource "aws_subnet" "one" {
  vpc_id     = aws_vpc.of_a_subnet.id
  cidr_block = "10.3.0.0/24"
}
resource "aws_flow_log" "of_a_subnet" {
  subnet_id    = aws_subnet.one.id
  traffic_type = "ALL"
}
variable "on" {
  type = bool
}
resource "aws_vpc" "perhaps" { # UNKNOWN
  cidr_block = "10.4.0.0/16"
}
resource "aws_flow_log" "perhaps" {
  count        = var.on ? 1 : 0
  vpc_id       = aws_vpc.perhaps.id
  traffic_type = "ALL"
}
