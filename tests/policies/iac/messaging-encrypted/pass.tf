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
