resource "aws_mq_broker" "public" { # FAILED
  publicly_accessible = true
}

resource "aws_msk_cluster" "says_nothing" { # PASSED
  cluster_name = "events"
}

variable "bucket" {}

resource "aws_sqs_queue_policy" "a_service_from_a_bucket" { # UNKNOWN
  queue_url = "events"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Principal = { Service = "s3.amazonaws.com" }, Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:s3:*:*:example-exports" } } }]
  })
}

resource "aws_sqs_queue_policy" "everybody_from_a_bucket" { # UNKNOWN
  queue_url = "events"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Principal = "*", Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:s3:*:*:example-exports" } } }]
  })
}

resource "aws_sqs_queue_policy" "everybody_from_a_bucket_that_nobody_knows" { # UNKNOWN
  queue_url = "events"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Principal = "*", Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:s3:*:*:${var.bucket}" } } }]
  })
}

resource "aws_sqs_queue_policy" "everybody_from_any_topic" { # FAILED
  queue_url = "events"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Principal = "*", Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:sns:*:*:${var.bucket}" } } }]
  })
}
