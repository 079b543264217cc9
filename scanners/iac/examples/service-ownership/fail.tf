resource "aws_iam_policy" "all_keys" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "kms:*"
      Resource = "*"
    }]
  })
}

resource "aws_iam_policy" "all_keys_of_a_region" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "KMS:*"
      Resource = "arn:aws:kms:eu-west-3:111122223333:key/*"
    }]
  })
}

resource "aws_iam_group_policy" "all_trails" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "cloudtrail:*"]
      Resource = "*"
    }]
  })
}

resource "aws_iam_role_policy" "all_but_identities" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      NotAction = "iam:*"
      Resource = "*"
    }]
  })
}

resource "aws_iam_policy" "another_service" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:*"
      Resource = "*"
    }]
  })
}

resource "aws_iam_policy" "all_keys_by_the_form_of_ids" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "kms:*"
        Resource = "arn:aws:kms:*:*:key/????????-????-????-????-????????????"
      },
    ]
  })
}
