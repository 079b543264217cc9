resource "aws_s3_account_public_access_block" "null" { # FAILED
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = null
}
variable "block" {
  type = bool
}
resource "aws_s3_account_public_access_block" "variable" { # UNKNOWN
  block_public_acls       = true
  block_public_policy     = var.block
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_account_public_access_block" "surely_not" { # FAILED
  block_public_acls       = var.block
  block_public_policy     = false
  ignore_public_acls      = var.block
  restrict_public_buckets = true
}
