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
resource "aws_vpc" "of_a_subnet" { # UNKNOWN
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
resource "aws_vpc" "of_one_of_two_subnets" { # FAILED
  cidr_block = "10.3.0.0/16"
}
resource "aws_subnet" "of_two" {
  vpc_id     = aws_vpc.of_one_of_two_subnets.id
  cidr_block = "10.3.0.0/24"
}
resource "aws_subnet" "silent" {
  vpc_id     = aws_vpc.of_one_of_two_subnets.id
  cidr_block = "10.3.1.0/24"
}
resource "aws_flow_log" "of_two" {
  subnet_id    = aws_subnet.of_two.id
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
resource "aws_vpc" "without_addresses" { # FAILED
  cidr_block = "10.5.0.0/16"
}
resource "aws_flow_log" "without_addresses" {
  vpc_id       = aws_vpc.without_addresses.id
  traffic_type = "ALL"
  log_format   = "$${version} $${action}"
}
resource "aws_vpc" "one_address" { # FAILED
  cidr_block = "10.5.0.0/16"
}
resource "aws_flow_log" "one_address" {
  vpc_id       = aws_vpc.one_address.id
  traffic_type = "ALL"
  log_format   = "$${srcaddr} $${bytes}"
}
resource "aws_vpc" "both_addresses" { # PASSED
  cidr_block = "10.5.0.0/16"
}
resource "aws_flow_log" "both_addresses" {
  vpc_id       = aws_vpc.both_addresses.id
  traffic_type = "ALL"
  log_format   = "$${dstaddr} $${action} $${pkt-srcaddr}"
}
resource "aws_vpc" "usual_format" { # PASSED
  cidr_block = "10.5.0.0/16"
}
resource "aws_flow_log" "usual_format" {
  vpc_id       = aws_vpc.usual_format.id
  traffic_type = "ALL"
  log_format   = null
}
resource "aws_vpc" "format_by_a_variable" { # UNKNOWN
  cidr_block = "10.5.0.0/16"
}
resource "aws_flow_log" "format_by_a_variable" {
  vpc_id       = aws_vpc.format_by_a_variable.id
  traffic_type = "ALL"
  log_format   = var.format
}
variable "format" {
  type = string
}
resource "aws_vpc" "without_action" { # FAILED
  cidr_block = "10.5.0.0/16"
}
resource "aws_flow_log" "without_action" {
  vpc_id       = aws_vpc.without_action.id
  traffic_type = "ALL"
  log_format   = "$${srcaddr} $${dstaddr} $${srcport}"
}
resource "aws_vpc" "with_action" { # PASSED
  cidr_block = "10.5.0.0/16"
}
resource "aws_flow_log" "with_action" {
  vpc_id       = aws_vpc.with_action.id
  traffic_type = "ALL"
  log_format   = "$${srcaddr} $${dstaddr} $${action}"
}
resource "aws_vpc" "refused_without_action" { # PASSED
  cidr_block = "10.5.0.0/16"
}
resource "aws_flow_log" "refused_without_action" {
  vpc_id       = aws_vpc.refused_without_action.id
  traffic_type = "REJECT"
  log_format   = "$${srcaddr} $${dstaddr}"
}
