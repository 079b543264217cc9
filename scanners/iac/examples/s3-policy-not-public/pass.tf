resource "aws_s3_bucket_policy" "ours" {
  bucket = "data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "arn:aws:iam::123456789012:role/reader" }
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::data/*"
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "own_organisation" {
  bucket = "data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::data/*"
        Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-abcdefghij" } }
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "own_addresses" {
  bucket = "data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::data/*"
        Condition = { IpAddress = { "aws:SourceIp" = "198.18.7.0/24" } }
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "denied" {
  bucket = "data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Deny"
        Principal = "*"
        Action = "s3:GetObject"
        Resource = "arn:aws:s3:::data/*"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}
