resource "aws_ebs_volume" "plain" { # FAILED
  availability_zone = "eu-west-3a"
  size              = 10
}

resource "aws_instance" "plain_root" { # FAILED
  ami           = "ami-00000000"
  instance_type = "t3.micro"

  root_block_device {
    encrypted = false
  }
}

resource "aws_volume_attachment" "plain" {
  device_name = "/dev/sdh"
  volume_id   = aws_ebs_volume.plain.id
  instance_id = aws_instance.plain_root.id
}
