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
