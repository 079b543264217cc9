resource "aws_secretsmanager_secret" "for_ever" { # FAILED
  name = "for-ever"
}

resource "aws_secretsmanager_secret" "older_form_seldom" { # FAILED
  name                = "older-form-seldom"
  rotation_lambda_arn = "arn:aws:lambda:eu-west-3:123456789012:function:rotate"

  rotation_rules {
    automatically_after_days = 999
  }
}
