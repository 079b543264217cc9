resource "aws_s3_bucket_policy" "everybody" { # FAILED
  bucket = "data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::data/*"
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "every_account" { # FAILED
  bucket = "data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = ["123456789012", "*"] }
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::data/*"
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "all_but_one" { # FAILED
  bucket = "data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        NotPrincipal = { AWS = "arn:aws:iam::123456789012:root" }
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::data/*"
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "halves_of_the_internet" { # FAILED
  bucket = "data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::data/*"
        Condition = { IpAddress = { "aws:SourceIp" = ["0.0.0.0/1", "128.0.0.0/1"] } }
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "any_organisation" { # FAILED
  bucket = "data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::data/*"
        Condition = { StringLike = { "aws:PrincipalOrgID" = "*" } }
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "whoever_says_so" { # FAILED
  bucket = "data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::data/*"
        Condition = { StringEquals = { "aws:Referer" = "https://example.com/" } }
      },
    ]
  })
}

resource "aws_s3_bucket" "in_the_bucket" { # FAILED
  bucket = "data"
  policy = "{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"*\"}, \"Action\": \"s3:*\", \"Resource\": \"*\"}}"
}

data "aws_iam_policy_document" "everybody" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::data/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_access_point" "everybody" { # FAILED
  bucket = "data"
  name   = "data"
  policy = data.aws_iam_policy_document.everybody.json
}
