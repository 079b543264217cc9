resource "aws_iam_account_password_policy" "not_said" { # FAILED
  minimum_password_length = 14
}

resource "aws_iam_account_password_policy" "none" { # FAILED
  password_reuse_prevention = 0
}

resource "aws_iam_account_password_policy" "few" { # FAILED
  password_reuse_prevention = 5
}
