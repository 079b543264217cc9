resource "aws_cloudwatch_log_group" "a_year" {
  name              = "a-year"
  retention_in_days = 365
}
