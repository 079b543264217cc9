resource "aws_iam_policy" "everything" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "of_every_service" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = ["s3:GetObject", "*:*"]
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "two_stars" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "**"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_group_policy" "all_but_one_service" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        NotAction = "support:*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "all_but_one_resource" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "*"
        NotResource = "arn:aws:s3:::a"
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
      Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
    })
  }
}

data "aws_iam_policy_document" "everything" { # FAILED
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}
