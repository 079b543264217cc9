resource "aws_iam_account_password_policy" "short" { # FAILED
  minimum_password_length = 8
}
resource "aws_iam_account_password_policy" "silent" { # FAILED
  require_symbols = true
}
