variable "status" {
  type = string
}
resource "aws_macie2_account" "variable" { # UNKNOWN
  status = var.status
}
