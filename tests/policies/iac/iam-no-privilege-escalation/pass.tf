data "aws_iam_policy_document" "reads" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::documents/*"]
  }
}

resource "aws_iam_policy" "reads" {
  name = "reads"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::documents/*" }]
  })
}

data "aws_iam_policy_document" "maker" {
  statement {
    actions   = ["iam:CreateRole", "iam:AttachRolePolicy"]
    resources = ["arn:aws:iam::111122223333:role/app-*"]
    condition {
      test     = "StringEquals"
      variable = "iam:PermissionsBoundary"
      values   = ["arn:aws:iam::111122223333:policy/limit"]
    }
  }
}

resource "aws_iam_policy" "versions_of_aws" {
  name   = "versions-of-aws"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:CreatePolicyVersion", Resource = "arn:aws:iam::aws:policy/versions-*" }] })
}
