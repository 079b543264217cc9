resource "aws_iam_policy" "new_version" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "iam:CreatePolicyVersion"
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
        Action = "IAM:attachROLEpolicy"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "all_of_iam" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "iam:*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "one_letter_open" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "iam:PutUserPolic?"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "all_but_storage" { # FAILED
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

resource "aws_iam_user_policy" "pass_and_run" { # FAILED
  user = "somebody"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = ["iam:PassRole", "ec2:RunInstances"]
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
      Statement = [{ Effect = "Allow", Action = "iam:*", Resource = "*" }]
    })
  }
}

resource "aws_iam_policy" "session_on_all" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "ssm:StartSession"
        Resource = "arn:aws:ec2:*:*:instance/*"
      },
    ]
  })
}

resource "aws_iam_policy" "all_by_the_form_of_ids" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = ["ec2:ModifyInstanceAttribute", "ec2:StopInstances"]
        Resource = "arn:aws:ec2:*:*:instance/i-*"
      },
    ]
  })
}

resource "aws_iam_policy" "boundary_rewritten" { # FAILED
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
        Resource = "arn:aws:iam::123456789012:policy/limit"
      },
    ]
  })
}
