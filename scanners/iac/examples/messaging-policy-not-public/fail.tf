resource "aws_sqs_queue" "everybody" { # FAILED
  name = "jobs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "sqs:SendMessage"
        Resource = "*"
      },
    ]
  })
}

resource "aws_sns_topic" "everybody" { # FAILED
  name = "news"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "sns:Publish"
        Resource = "*"
      },
    ]
  })
}

resource "aws_sqs_queue_policy" "any_topic" { # FAILED
  queue_url = "https://sqs.eu-west-3.amazonaws.com/123456789012/jobs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "sqs:SendMessage"
        Resource = "*"
        Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:sns:*:*:*" } }
      },
    ]
  })
}

resource "aws_sqs_queue_policy" "any_customer_of_a_service" { # FAILED
  queue_url = "https://sqs.eu-west-3.amazonaws.com/123456789012/jobs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action = "sqs:SendMessage"
        Resource = "*"
      },
    ]
  })
}

resource "aws_sns_topic_policy" "over_https" { # FAILED
  arn = "arn:aws:sns:eu-west-3:123456789012:news"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*"
        Action = "sns:Subscribe"
        Resource = "*"
        Condition = { StringEquals = { "SNS:Protocol" = "https" } }
      },
    ]
  })
}

resource "aws_sns_topic_policy" "if_it_is_sent" { # FAILED
  arn = "arn:aws:sns:eu-west-3:123456789012:news"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { Service = "s3.amazonaws.com" }
        Action = "sns:Publish"
        Resource = "*"
        Condition = { StringEqualsIfExists = { "aws:SourceAccount" = "123456789012" } }
      },
    ]
  })
}
