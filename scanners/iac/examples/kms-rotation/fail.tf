resource "aws_kms_key" "for_ever" { # FAILED
  description = "never changes"
}
