resource "aws_iam_policy" "own_key" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "iam:CreateAccessKey"
        Resource = "arn:aws:iam::123456789012:user/somebody"
      },
    ]
  })
}

resource "aws_iam_policy" "passes_alone" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "iam:PassRole"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "reads" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = ["iam:Get*", "iam:List*"]
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "session_on_one" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "ssm:StartSession"
        Resource = "arn:aws:ec2:*:*:instance/i-0123456789abcdef0"
      },
    ]
  })
}

resource "aws_iam_policy" "boundary_kept" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = ["iam:CreateRole", "iam:PutRolePolicy", "sts:AssumeRole"]
        Resource = "arn:aws:iam::123456789012:role/app-*"
        Condition = { StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::123456789012:policy/limit" } }
      },
      {
        Effect = "Allow"
        Action = "iam:CreatePolicyVersion"
        Resource = "arn:aws:iam::123456789012:policy/*"
      },
      {
        Effect = "Deny"
        Action = "iam:*PolicyVersion"
        Resource = "arn:aws:iam::123456789012:policy/*"
      },
    ]
  })
}
