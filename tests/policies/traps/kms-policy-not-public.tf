resource "aws_iam_role" "app" { # NOTHING
  name = "app"
}
resource "aws_kms_grant" "role" { # PASSED
  key_id            = "1234"
  grantee_principal = aws_iam_role.app.arn
  operations        = ["Decrypt"]
}
resource "aws_kms_grant" "named" { # UNKNOWN
  key_id            = "1234"
  grantee_principal = "arn:aws:iam::999988887777:role/app"
  operations        = ["Decrypt"]
}
resource "aws_kms_grant" "anybody" { # FAILED
  key_id            = "1234"
  grantee_principal = "*"
  operations        = ["Decrypt"]
}
