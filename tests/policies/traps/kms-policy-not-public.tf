resource "aws_kms_grant" "role" { # PASSED
  key_id            = "1234"
  grantee_principal = "arn:aws:iam::111122223333:role/app"
  operations        = ["Decrypt"]
}
resource "aws_kms_grant" "anybody" { # FAILED
  key_id            = "1234"
  grantee_principal = "*"
  operations        = ["Decrypt"]
}
