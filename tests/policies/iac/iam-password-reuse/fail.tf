resource "aws_iam_account_password_policy" "forgets" { # FAILED
  minimum_password_length = 14
}
