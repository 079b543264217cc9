resource "aws_instance" "private" {
  ami                         = "ami-00000000"
  instance_type               = "t3.micro"
  associate_public_ip_address = false
}

resource "aws_launch_configuration" "private" {
  image_id                    = "ami-00000000"
  instance_type               = "t3.micro"
  associate_public_ip_address = false
}

resource "aws_subnet" "gives_none" {
  vpc_id                  = "vpc-00000000"
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = false
}

resource "aws_eip" "of_a_gateway" {
  domain = "vpc"
}

resource "aws_spot_fleet_request" "private" {
  iam_fleet_role  = "arn:aws:iam::111122223333:role/fleet"
  target_capacity = 1
  launch_specification {
    ami                         = "ami-00000000"
    instance_type               = "t3.micro"
    associate_public_ip_address = false
  }
}
