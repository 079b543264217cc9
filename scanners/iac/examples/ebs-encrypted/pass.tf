resource "aws_ebs_volume" "encrypted" {
  availability_zone = "eu-west-3a"
  size              = 10
  encrypted         = true
}

resource "aws_instance" "encrypted_root" {
  ami           = "ami-00000000"
  instance_type = "t3.micro"

  root_block_device {
    encrypted = true
  }
}

resource "aws_volume_attachment" "encrypted" {
  device_name = "/dev/sdh"
  volume_id   = aws_ebs_volume.encrypted.id
  instance_id = aws_instance.encrypted_root.id
}
