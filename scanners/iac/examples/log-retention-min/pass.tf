resource "aws_cloudwatch_log_group" "a_year" {
  name              = "/aws/eks/main/cluster"
  retention_in_days = 365
}

resource "aws_cloudwatch_log_group" "for_ever" {
  name = "/aws/cloudtrail/main"
}

resource "aws_cloudwatch_log_group" "of_trail" {
  name              = "trail"
  retention_in_days = 365
}

resource "aws_cloudtrail" "main" {
  name                       = "main"
  s3_bucket_name             = "trails"
  cloud_watch_logs_group_arn = "arn:aws:logs:eu-west-3:123456789012:log-group:trail:*"
}

resource "aws_cloudwatch_log_group" "of_nobody" {
  name              = "other-trail"
  retention_in_days = 1
}
