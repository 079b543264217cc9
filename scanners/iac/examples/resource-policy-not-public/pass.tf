resource "aws_opensearch_domain_policy" "ours" {
  domain_name = "search"
  access_policies = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "arn:aws:iam::123456789012:role/reader" }
        Action = "es:*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_cloudwatch_event_bus_policy" "organisation" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "events:PutEvents"
        Resource = "*"
        Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-abcdefghij" } }
      },
    ]
  })
}
