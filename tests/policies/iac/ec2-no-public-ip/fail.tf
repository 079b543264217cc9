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
