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

resource "aws_secretsmanager_secret" "older_form" {
  name                = "older-form"
  rotation_lambda_arn = "arn:aws:lambda:eu-west-3:123456789012:function:rotate"

  rotation_rules {
    automatically_after_days = 60
  }
}
