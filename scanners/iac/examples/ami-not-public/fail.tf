resource "aws_ami_launch_permission" "everybody" { # FAILED
  image_id = "ami-00000000"
  group    = "all"
}
