resource "aws_dynamodb_table" "null" { # FAILED
  deletion_protection_enabled = null
}
variable "keep" {
  type = bool
}
resource "aws_dynamodb_table" "variable" { # UNKNOWN
  deletion_protection_enabled = var.keep
}
resource "aws_dynamodb_table" "lifecycle_is_of_terraform_alone" { # FAILED
  lifecycle {
    prevent_destroy = true
  }
}
