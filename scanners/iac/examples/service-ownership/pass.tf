resource "aws_iam_policy" "uses_keys" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey*"]
      Resource = "*"
    }]
  })
}

resource "aws_iam_policy" "one_key" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "kms:*"
      Resource = "arn:aws:kms:eu-west-3:111122223333:key/1"
    }]
  })
}

resource "aws_iam_policy" "administers_only" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "kms:*"
        Resource = "*"
      },
      {
        Effect = "Deny"
        Action = ["kms:Decrypt", "kms:ReEncrypt*", "kms:CreateGrant"]
        Resource = "*"
      },
    ]
  })
}
