resource "aws_subnet" "public_addresses" { # FAILED
  vpc_id                  = "vpc-00000000"
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_internet_gateway" "door" {
  vpc_id = "vpc-00000000"
}

resource "aws_instance" "nat" {
  ami           = "ami-00000000"
  instance_type = "t3.micro"
}

resource "aws_route" "through_an_instance" { # FAILED
  route_table_id         = "rtb-00000000"
  destination_cidr_block = "0.0.0.0/0"
  instance_id            = aws_instance.nat.id
}
