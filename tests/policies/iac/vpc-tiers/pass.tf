resource "aws_subnet" "private" {
  vpc_id                  = "vpc-00000000"
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = false
}

resource "aws_route" "through_a_gateway" {
  route_table_id         = "rtb-00000000"
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = "nat-00000000"
}
