resource "aws_iam_account_password_policy" "ninety_as_text" { # FAILED
  max_password_age = "90"
}
resource "aws_iam_account_password_policy" "zero_as_text" { # PASSED
  max_password_age = "0"
}
resource "aws_iam_account_password_policy" "null" { # PASSED
  max_password_age = null
}
