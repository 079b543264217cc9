resource "aws_iam_policy" "reads_all" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "s3:GetObject"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "all_secrets" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "secretsmanager:Get*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "any_case" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "S3:PUTobject"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "stars" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "s3:**"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "all_but_one" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        NotAction = "s3:*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_role" "in_the_role" { # FAILED
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })

  inline_policy {
    name = "own"
    policy = jsonencode({
      Statement = [{ Effect = "Allow", Action = ["dynamodb:Scan"], Resource = "*" }]
    })
  }
}

resource "aws_iam_policy" "everything_in_any_bucket" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "*"
        Resource = "arn:aws:s3:::*"
      },
    ]
  })
}

resource "aws_iam_policy" "all_but_a_few_are_denied" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "dynamodb:*"
        Resource = "*"
      },
      {
        Effect   = "Deny"
        Action   = ["dynamodb:A*", "dynamodb:B*", "dynamodb:C*", "dynamodb:D*"]
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "logs_of_all_regions" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "logs:*"
        Resource = "arn:aws:logs:*:111122223333:*"
      },
    ]
  })
}

resource "aws_iam_policy" "all_secrets_by_the_form_of_names" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "secretsmanager:GetSecretValue"
        Resource = "arn:aws:secretsmanager:eu-west-3:111122223333:secret:*-??????"
      },
    ]
  })
}

resource "aws_iam_policy" "attached_too" { # FAILED
  name = "attached-too"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
  })
}

resource "aws_iam_role" "bounded" {
  name                 = "bounded"
  assume_role_policy   = "{}"
  permissions_boundary = aws_iam_policy.attached_too.arn
}

resource "aws_iam_role_policy_attachment" "bounded" {
  role       = aws_iam_role.bounded.name
  policy_arn = "arn:aws:iam::111122223333:policy/attached-too"
}
