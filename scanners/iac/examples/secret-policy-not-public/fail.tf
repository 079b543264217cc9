resource "aws_secretsmanager_secret_policy" "everybody" { # FAILED
  secret_arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:db"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "secretsmanager:GetSecretValue"
        Resource = "*"
      },
    ]
  })
}

resource "aws_secretsmanager_secret" "in_the_secret" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "*" }
        Action = "secretsmanager:GetSecretValue"
        Resource = "*"
      },
    ]
  })
}

resource "aws_secretsmanager_secret_policy" "current" { # FAILED
  secret_arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:db"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "secretsmanager:GetSecretValue"
        Resource = "*"
        Condition = { StringEquals = { "secretsmanager:VersionStage" = "AWSCURRENT" } }
      },
    ]
  })
}
