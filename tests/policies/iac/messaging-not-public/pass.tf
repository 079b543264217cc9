resource "aws_sqs_queue_policy" "ours" {
  queue_url = "https://sqs.eu-west-3.amazonaws.com/123456789012/jobs"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:role/worker" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-west-3:123456789012:jobs"
    }]
  })
}

resource "aws_sqs_queue" "ours" {
  name = "ours"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:role/worker" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-west-3:123456789012:ours"
    }]
  })
}

resource "aws_sns_topic_policy" "ours" {
  arn = "arn:aws:sns:eu-west-3:123456789012:news"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:role/worker" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-west-3:123456789012:news"
    }]
  })
}
