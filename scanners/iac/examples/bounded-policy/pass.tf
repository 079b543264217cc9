resource "aws_iam_policy" "one_bucket" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "s3:*"
        Resource = ["arn:aws:s3:::a", "arn:aws:s3:::a/*"]
      },
    ]
  })
}

resource "aws_iam_policy" "knows_no_resources" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = ["ec2:Describe*", "rds:DescribeDBInstances", "ecr:GetAuthorizationToken", "s3:ListAllMyBuckets"]
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "denied" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Deny"
        Action = "*"
        Resource = "*"
      },
    ]
  })
}

data "aws_caller_identity" "own" {}

data "aws_region" "here" {}

resource "aws_iam_policy" "logs_of_one_region" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "logs:*"
        Resource = "arn:aws:logs:${data.aws_region.here.region}:${data.aws_caller_identity.own.account_id}:*"
      },
      {
        Effect   = "Allow"
        Action   = "logs:CreateLogGroup"
        Resource = "arn:aws:logs:eu-west-3:111122223333:*"
      },
    ]
  })
}

resource "aws_iam_policy" "one_secret_by_the_form_of_names" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "secretsmanager:GetSecretValue"
        Resource = "arn:aws:secretsmanager:eu-west-3:111122223333:secret:app-??????"
      },
    ]
  })
}
