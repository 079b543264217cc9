data "aws_caller_identity" "own" {}

resource "aws_kms_key" "own_account" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.own.account_id}:root" }
        Action = "kms:*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_kms_key_policy" "callers_of_one_account" {
  key_id = "alias/data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "*" }
        Action = "kms:*"
        Resource = "*"
        Condition = { StringEquals = { "kms:CallerAccount" = data.aws_caller_identity.own.account_id } }
      },
    ]
  })
}

resource "aws_kms_key" "described_to_a_service" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action = "kms:DescribeKey"
        Resource = "*"
      },
    ]
  })
}
