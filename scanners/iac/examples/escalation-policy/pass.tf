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
