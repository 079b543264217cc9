resource "aws_sqs_queue" "text_zero" { # FAILED
  sqs_managed_sse_enabled = "0"
}
resource "aws_sqs_queue" "text_false" { # FAILED
  sqs_managed_sse_enabled = "false"
}
resource "aws_sqs_queue" "nothing" { # PASSED
  name = "x"
}
resource "aws_sqs_queue" "null" { # PASSED
  sqs_managed_sse_enabled = null
}
resource "aws_sqs_queue" "off_and_empty_key" { # FAILED
  sqs_managed_sse_enabled = false
  kms_master_key_id       = ""
}
resource "aws_sns_topic" "empty_key" { # FAILED
  kms_master_key_id = ""
}
resource "aws_sns_topic" "null_key" { # FAILED
  kms_master_key_id = null
}
resource "aws_sns_topic" "key" { # PASSED
  kms_master_key_id = "alias/aws/sns"
}
resource "aws_kinesis_stream" "none" { # FAILED
  encryption_type = "NONE"
}
resource "aws_kinesis_stream" "nothing" { # FAILED
  kms_key_id = "alias/aws/kinesis"
}
resource "aws_kinesis_firehose_delivery_stream" "text_one" { # PASSED
  server_side_encryption {
    enabled = "1"
  }
}
resource "aws_kinesis_firehose_delivery_stream" "nothing" { # FAILED
  server_side_encryption {
    key_type = "AWS_OWNED_CMK"
  }
}
resource "aws_kinesis_firehose_delivery_stream" "of_a_stream" { # NOTHING
  kinesis_source_configuration {
    kinesis_stream_arn = "arn:aws:kinesis:eu-west-3:111122223333:stream/x"
  }
}

resource "aws_msk_cluster" "in_clear" { # FAILED
  encryption_info {
    encryption_in_transit {
      client_broker = "TLS_PLAINTEXT"
    }
  }
}

resource "aws_msk_cluster" "says_nothing" { # PASSED
  cluster_name = "events"
}
resource "aws_kinesis_firehose_delivery_stream" "from_kafka" { # NOTHING
  name = "from-kafka"
  msk_source_configuration {
    topic_name = "t"
  }
}
