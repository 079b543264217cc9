resource "aws_iam_policy" "uses_keys" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey*"]
      Resource = "*"
    }]
  })
}

resource "aws_iam_policy" "one_key" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "kms:*"
      Resource = "arn:aws:kms:eu-west-3:111122223333:key/1"
    }]
  })
}
