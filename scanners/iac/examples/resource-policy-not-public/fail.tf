resource "aws_opensearch_domain_policy" "everybody" { # FAILED
  domain_name = "search"
  access_policies = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "*" }
        Action = "es:*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_backup_vault_policy" "everybody" { # FAILED
  backup_vault_name = "vault"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "backup:CopyIntoBackupVault"
        Resource = "*"
      },
    ]
  })
}

resource "aws_cloudwatch_event_bus_policy" "everybody" { # FAILED
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "events:PutEvents"
        Resource = "*"
      },
    ]
  })
}

data "aws_iam_policy_document" "nobody_takes_it_in" { # FAILED
  statement {
    actions   = ["es:ESHttpGet"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
