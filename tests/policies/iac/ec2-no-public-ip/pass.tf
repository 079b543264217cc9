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
