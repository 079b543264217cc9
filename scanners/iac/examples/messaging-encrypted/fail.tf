resource "aws_sns_topic" "plain" { # FAILED
  name = "plain"
}

resource "aws_kinesis_stream" "plain" { # FAILED
  name = "plain"
}

resource "aws_kinesis_firehose_delivery_stream" "plain" { # FAILED
  name        = "plain"
  destination = "extended_s3"
}

resource "aws_sqs_queue" "off" { # FAILED
  name                    = "off"
  sqs_managed_sse_enabled = false
}
