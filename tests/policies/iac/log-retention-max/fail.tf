resource "aws_cloudwatch_log_group" "for_ever" { # FAILED
  name = "for-ever"
}
