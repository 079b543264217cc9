resource "aws_cloudtrail" "nothing" { # FAILED
  name = "nothing"
}
resource "aws_cloudtrail" "empty" { # FAILED
  cloud_watch_logs_group_arn = ""
}
resource "aws_cloudtrail" "of_another_root" { # PASSED
  cloud_watch_logs_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:trail:*"
}
resource "aws_cloudwatch_log_group" "trail" {
  name = "trail"
}
resource "aws_cloudtrail" "null" { # FAILED
  cloud_watch_logs_group_arn = null
}
resource "aws_cloudtrail" "switched_off" { # FAILED
  enable_logging             = false
  cloud_watch_logs_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:trail:*"
}
