resource "aws_sqs_queue_policy" "anybody" { # FAILED
  queue_url = "https://sqs.eu-west-3.amazonaws.com/123456789012/jobs"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }]
  })
}

resource "aws_sqs_queue" "anybody" { # FAILED
  name = "anybody"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }]
  })
}

resource "aws_sns_topic_policy" "anybody" { # FAILED
  arn = "arn:aws:sns:eu-west-3:123456789012:news"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = "*" }]
  })
}
