resource "aws_ebs_encryption_by_default" "nothing" { # PASSED
}
resource "aws_ebs_encryption_by_default" "text_zero" { # FAILED
  enabled = "0"
}
resource "aws_ebs_encryption_by_default" "text_false" { # FAILED
  enabled = "false"
}
resource "aws_ebs_encryption_by_default" "null" { # PASSED
  enabled = null
}
