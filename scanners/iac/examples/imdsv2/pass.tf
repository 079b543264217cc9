resource "aws_instance" "version_two" {
  ami           = "ami-00000000"
  instance_type = "t3.micro"

  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_launch_template" "two_hops" {
  name = "two-hops"

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
}

resource "aws_ec2_instance_metadata_defaults" "off" {
  http_endpoint = "disabled"
}
