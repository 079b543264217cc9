resource "aws_cloudwatch_log_group" "unsaid" { # FAILED
  name = "unsaid"
}
