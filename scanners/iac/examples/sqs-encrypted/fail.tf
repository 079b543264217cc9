resource "aws_sqs_queue" "off" { # FAILED
  name                    = "off"
  sqs_managed_sse_enabled = false
}
