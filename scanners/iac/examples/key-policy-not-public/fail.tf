resource "aws_kms_key" "everybody" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "kms:*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_kms_key_policy" "of_its_own" { # FAILED
  key_id = "alias/data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "*" }
        Action = "kms:*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_kms_key" "through_a_service" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "*" }
        Action = "kms:*"
        Resource = "*"
        Condition = { StringEquals = { "kms:ViaService" = "s3.eu-west-3.amazonaws.com" } }
      },
    ]
  })
}

resource "aws_kms_key" "not_null" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "kms:*"
        Resource = "*"
        Condition = { Null = { "kms:CallerAccount" = "false" } }
      },
    ]
  })
}

data "aws_iam_policy_document" "one_is_open" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }

  dynamic "statement" {
    for_each = data.aws_iam_roles.others.arns

    content {
      actions   = ["kms:Decrypt"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = [statement.value]
      }
    }
  }
}

resource "aws_kms_replica_key" "one_is_open" { # FAILED
  primary_key_arn = "arn:aws:kms:eu-west-3:123456789012:key/one"
  policy          = data.aws_iam_policy_document.one_is_open.json
}

resource "aws_kms_key" "used_by_a_service_for_anybody" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action = ["kms:DescribeKey", "kms:GenerateDataKey*"]
        Resource = "*"
      },
    ]
  })
}
