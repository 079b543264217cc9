resource "aws_sns_topic" "encrypted" {
  name              = "encrypted"
  kms_master_key_id = "alias/messages"
}

resource "aws_kinesis_stream" "encrypted" {
  name            = "encrypted"
  encryption_type = "KMS"
  kms_key_id      = "alias/messages"
}

resource "aws_kinesis_firehose_delivery_stream" "encrypted" {
  name        = "encrypted"
  destination = "extended_s3"

  server_side_encryption {
    enabled = true
  }
}

resource "aws_sqs_queue" "by_itself" {
  name = "by-itself"
}

resource "aws_sqs_queue" "on" {
  name                    = "on"
  sqs_managed_sse_enabled = true
}

resource "aws_sqs_queue" "with_a_key" {
  name                    = "with-a-key"
  sqs_managed_sse_enabled = false
  kms_master_key_id       = "alias/messages"
}
