data "aws_caller_identity" "own" {}

resource "aws_secretsmanager_secret_policy" "ours" {
  secret_arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:db"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.own.account_id}:role/reader" }
        Action = "secretsmanager:GetSecretValue"
        Resource = "*"
      },
    ]
  })
}
