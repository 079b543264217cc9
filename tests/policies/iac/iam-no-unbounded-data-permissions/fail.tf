data "aws_iam_policy_document" "unbounded" { # FAILED
  statement {
    actions = [
      "s3:GetObject",
      "secretsmanager:GetSecretValue",
      "iam:CreateAccessKey",
      "s3:PutBucketPolicy",
      "ec2:TerminateInstances",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "unbounded" { # FAILED
  name = "unbounded"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = [
        "s3:GetObject",
        "secretsmanager:GetSecretValue",
        "iam:CreateAccessKey",
        "s3:PutBucketPolicy",
        "ec2:TerminateInstances",
      ]
      Resource = "*"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "administrator" { # FAILED
  role       = "everybody"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

data "aws_iam_policy" "administrator" { # FAILED
  name = "AdministratorAccess"
}

resource "aws_iam_role_policy_attachment" "all_of_iam" { # FAILED
  role       = "everybody"
  policy_arn = "arn:aws:iam::aws:policy/IAMFullAccess"
}

resource "aws_iam_policy" "over_tls" { # FAILED
  name = "over-tls"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "secretsmanager:GetSecretValue"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "true" }, StringLike = { "aws:PrincipalArn" = "*" } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "reads_all_data" { # FAILED
  role       = "everybody"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_policy" "every_stream" { # FAILED
  name = "every-stream"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "arn:aws:logs:*:*:log-group:*:*" }]
  })
}
