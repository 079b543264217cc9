resource "aws_instance" "reachable" { # FAILED
  ami                         = "ami-00000000"
  instance_type               = "t3.micro"
  associate_public_ip_address = true
}

resource "aws_launch_configuration" "reachable" { # FAILED
  image_id                    = "ami-00000000"
  instance_type               = "t3.micro"
  associate_public_ip_address = true
}

resource "aws_subnet" "gives_addresses" { # FAILED
  vpc_id                  = "vpc-00000000"
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_network_interface" "own" {
  subnet_id = "subnet-00000000"
}

resource "aws_eip" "of_an_instance" { # FAILED
  instance = aws_instance.reachable.id
}

resource "aws_eip" "of_an_interface" { # FAILED
  network_interface = aws_network_interface.own.id
}

resource "aws_eip" "of_a_first_interface" { # FAILED
  network_interface = aws_instance.reachable.primary_network_interface_id
}

resource "aws_eip_association" "to_an_interface" { # FAILED
  network_interface_id = aws_network_interface.own.id
  allocation_id        = "eipalloc-00000000"
}

resource "aws_spot_instance_request" "reachable" { # FAILED
  associate_public_ip_address = true
}

resource "aws_spot_fleet_request" "reachable" { # FAILED
  iam_fleet_role  = "arn:aws:iam::111122223333:role/fleet"
  target_capacity = 1
  launch_specification {
    ami                         = "ami-00000000"
    instance_type               = "t3.micro"
    associate_public_ip_address = false
  }
  launch_specification {
    ami                         = "ami-00000000"
    instance_type               = "t3.small"
    associate_public_ip_address = true
  }
}
