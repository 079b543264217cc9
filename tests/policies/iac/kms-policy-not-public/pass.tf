data "aws_caller_identity" "own" {}

resource "aws_kms_key" "ours" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.own.account_id}:root" }, Action = "kms:*", Resource = "*" }]
  })
}

resource "aws_kms_key" "by_default" {
  description = "without a policy a key has the one that trusts its own account"
}
