resource "aws_lb" "null" { # FAILED
  enable_deletion_protection = null
}
variable "keep" {
  type = bool
}
resource "aws_lb" "variable" { # UNKNOWN
  enable_deletion_protection = var.keep
}
