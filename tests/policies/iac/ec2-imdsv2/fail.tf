resource "aws_instance" "version_one" { # FAILED
  ami           = "ami-00000000"
  instance_type = "t3.micro"
}

resource "aws_launch_template" "containers_reach_it" { # FAILED
  name = "containers"

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
}
