resource "aws_ecr_repository_policy" "ours" {
  repository = "shop"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "arn:aws:iam::123456789012:role/reader" }
        Action = "ecr:BatchGetImage"
      },
    ]
  })
}

resource "aws_ecr_repository_policy" "organisation" {
  repository = "shop"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "ecr:BatchGetImage"
        Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-abcdefghij" } }
      },
    ]
  })
}
