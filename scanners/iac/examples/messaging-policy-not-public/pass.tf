resource "aws_sns_topic" "orders" {
  name = "orders"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "sns:Publish", Resource = "*" }]
  })
}

resource "aws_sqs_queue_policy" "one_topic" {
  queue_url = "https://sqs.eu-west-3.amazonaws.com/123456789012/jobs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action = "sqs:SendMessage"
        Resource = "*"
        Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.orders.arn } }
      },
    ]
  })
}

resource "aws_sqs_queue" "one_account" {
  name = "jobs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "sqs:SendMessage"
        Resource = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } }
      },
    ]
  })
}

resource "aws_sns_topic_policy" "ours" {
  arn = "arn:aws:sns:eu-west-3:123456789012:news"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = "arn:aws:iam::123456789012:role/reader" }
        Action = "sns:Publish"
        Resource = "*"
      },
    ]
  })
}
