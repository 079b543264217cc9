variable "tags" {}
resource "aws_default_vpc" "taken" { # FAILED
  tags = var.tags
}
