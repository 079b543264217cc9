variable "region" {
  type = string
}
resource "aws_account_region" "variable" { # UNKNOWN
  region_name = var.region
  enabled     = true
}
resource "aws_account_region" "off_whichever" { # PASSED
  region_name = var.region
  enabled     = false
}
resource "aws_account_region" "perhaps_on" { # UNKNOWN
  region_name = "me-south-1"
  enabled     = var.region == "me-south-1"
}
