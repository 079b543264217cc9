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
