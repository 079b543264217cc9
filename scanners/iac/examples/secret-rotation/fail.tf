resource "aws_secretsmanager_secret_rotation" "yearly" { # FAILED
  secret_id           = "yearly"
  rotation_lambda_arn = "arn:aws:lambda:eu-west-3:123456789012:function:rotate"

  rotation_rules {
    automatically_after_days = 365
  }
}

resource "aws_secretsmanager_secret_rotation" "seldom" { # FAILED
  secret_id           = "seldom"
  rotation_lambda_arn = "arn:aws:lambda:eu-west-3:123456789012:function:rotate"

  rotation_rules {
    schedule_expression = "rate(400 days)"
  }
}

resource "aws_secretsmanager_secret_rotation" "never" { # FAILED
  secret_id           = "never"
  rotation_lambda_arn = "arn:aws:lambda:eu-west-3:123456789012:function:rotate"

  rotation_rules {
    schedule_expression = "cron(0 3 31 2 ? *)"
  }
}
