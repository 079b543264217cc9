resource "aws_account_region" "abroad" { # FAILED
  region_name = "ap-east-1"
  enabled     = true
}
