resource "aws_iam_role" "every_account" { # FAILED
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "sts:AssumeRole"
        Principal = { AWS = "*" }
      },
    ]
  })
}

resource "aws_iam_role" "everybody" { # FAILED
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "sts:AssumeRole"
        Principal = "*"
      },
    ]
  })
}

resource "aws_iam_role" "all_but_one" { # FAILED
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "sts:AssumeRole"
        NotPrincipal = { AWS = "123456789012" }
      },
    ]
  })
}

resource "aws_iam_role" "any_organisation" { # FAILED
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { StringLike = { "aws:PrincipalOrgID" = "*" } }
      },
    ]
  })
}

resource "aws_iam_role" "if_it_is_sent" { # FAILED
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { StringEqualsIfExists = { "aws:PrincipalOrgID" = "o-abcdefghij" } }
      },
    ]
  })
}

resource "aws_iam_role" "external_id" { # FAILED
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "sts:AssumeRole"
        Principal = { AWS = "*" }
        Condition = { StringEquals = { "sts:ExternalId" = "agreed" } }
      },
    ]
  })
}

resource "aws_iam_role" "guests" { # FAILED
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = "cognito-identity.amazonaws.com" }
      },
    ]
  })
}

resource "aws_iam_role" "any_workspace" { # FAILED
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/app.terraform.io" }
        Condition = { StringEquals = { "app.terraform.io:aud" = "aws.workload.identity" } }
      },
    ]
  })
}
