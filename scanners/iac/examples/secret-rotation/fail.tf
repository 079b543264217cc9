resource "aws_secretsmanager_secret_rotation" "yearly" { # FAILED
  secret_id           = "yearly"
  rotation_lambda_arn = "arn:aws:lambda:eu-west-3:123456789012:function:rotate"

  rotation_rules {
    automatically_after_days = 365
  }
}
