resource "aws_ecr_repository_policy" "everybody" { # FAILED
  repository = "shop"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "ecr:BatchGetImage"
      },
    ]
  })
}

resource "aws_ecr_registry_policy" "registry" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "*" }
        Action = "ecr:BatchGetImage"
      },
    ]
  })
}

resource "aws_ecr_repository_policy" "any_agent" { # FAILED
  repository = "shop"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "ecr:BatchGetImage"
        Condition = { StringLike = { "aws:UserAgent" = "*" } }
      },
    ]
  })
}
