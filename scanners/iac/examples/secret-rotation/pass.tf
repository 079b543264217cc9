resource "aws_secretsmanager_secret" "rotated" {
  name = "rotated"
}

resource "aws_secretsmanager_secret_rotation" "rotated" {
  secret_id           = aws_secretsmanager_secret.rotated.id
  rotation_lambda_arn = "arn:aws:lambda:eu-west-3:123456789012:function:rotate"

  rotation_rules {
    automatically_after_days = 60
  }
}

resource "aws_secretsmanager_secret" "monthly" {
  name = "monthly"
}

resource "aws_secretsmanager_secret_rotation" "monthly" {
  secret_id           = aws_secretsmanager_secret.monthly.id
  rotation_lambda_arn = "arn:aws:lambda:eu-west-3:123456789012:function:rotate"

  rotation_rules {
    schedule_expression = "cron(0 3 1 * ? *)"
  }
}
