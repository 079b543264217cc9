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
