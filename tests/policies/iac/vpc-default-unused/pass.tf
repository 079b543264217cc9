resource "aws_vpc" "ours" {
  cidr_block = "10.0.0.0/16"
}
