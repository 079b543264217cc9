resource "aws_cloudwatch_log_group" "three_days_as_text" { # FAILED
  name              = "/aws/eks/x"
  retention_in_days = "3"
}
resource "aws_cloudwatch_log_group" "a_year_as_text" { # PASSED
  name              = "/aws/eks/y"
  retention_in_days = "365"
}
resource "aws_cloudwatch_log_group" "named_by_the_console" { # FAILED
  name              = "aws-cloudtrail-logs-123456789012-ab12cd34"
  retention_in_days = 1
}
resource "aws_cloudwatch_log_group" "of_a_trail" {
  name              = "trail"
  retention_in_days = 1
}
resource "aws_cloudwatch_log_group" "of_a_trail_for_long" {
  name              = "trail-for-long"
  retention_in_days = 365
}
resource "aws_cloudwatch_log_group" "of_a_flow_log" { # FAILED
  name              = "flows"
  retention_in_days = 1
}
resource "aws_cloudwatch_log_group" "of_an_application" { # NOTHING
  name              = "application"
  retention_in_days = 1
}
resource "aws_cloudtrail" "main" {
  name                       = "main"
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.of_a_trail.arn}:*"
}
resource "aws_cloudtrail" "other" {
  name                       = "other"
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.of_a_trail_for_long.arn}:*"
}
resource "aws_flow_log" "main" {
  log_destination = aws_cloudwatch_log_group.of_a_flow_log.arn
}
resource "aws_cloudwatch_log_group" "for_delivery" { # FAILED
  name              = "/aws/cloudtrail/x"
  log_group_class   = "DELIVERY"
  retention_in_days = 365
}
