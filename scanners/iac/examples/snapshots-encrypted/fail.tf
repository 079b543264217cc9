resource "aws_ami_copy" "plain" { # FAILED
  name              = "plain"
  source_ami_id     = "ami-00000000"
  source_ami_region = "eu-west-3"
  encrypted         = false
}
