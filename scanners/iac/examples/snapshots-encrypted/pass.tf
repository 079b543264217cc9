resource "aws_ami_copy" "encrypted" {
  name              = "encrypted"
  source_ami_id     = "ami-00000000"
  source_ami_region = "eu-west-3"
  encrypted         = true
}
