resource "aws_account_region" "off" {
  region_name = "ap-east-1"
  enabled     = false
}

resource "aws_account_region" "spain" {
  region_name = "eu-south-2"
  enabled     = true
}
