resource "aws_cloudtrail" "nothing" { # FAILED
  name = "x"
}
resource "aws_cloudtrail" "empty" { # FAILED
  kms_key_id = ""
}
resource "aws_cloudtrail" "null" { # FAILED
  kms_key_id = null
}
resource "aws_cloudtrail" "key" { # PASSED
  kms_key_id = "arn:aws:kms:eu-west-3:111122223333:key/1"
}
variable "key" {
  default = null
}
resource "aws_cloudtrail" "key_null_by_default" { # FAILED
  kms_key_id = var.key
}
