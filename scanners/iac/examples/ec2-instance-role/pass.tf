resource "aws_instance" "shop" {
  ami                  = "ami-1"
  instance_type        = "t3.small"
  iam_instance_profile = "shop"
}
