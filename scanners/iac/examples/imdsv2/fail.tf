resource "aws_instance" "version_one" { # FAILED
  ami           = "ami-00000000"
  instance_type = "t3.micro"
}

resource "aws_launch_template" "version_one" { # FAILED
  name = "version-one"

  metadata_options {
    http_tokens = "optional"
  }
}

resource "aws_ec2_instance_metadata_defaults" "on" { # FAILED
  http_endpoint = "enabled"
}
