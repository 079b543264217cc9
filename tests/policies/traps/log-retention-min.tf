resource "aws_cloudwatch_log_group" "three_days_as_text" { # FAILED
  name              = "/aws/eks/x"
  retention_in_days = "3"
}
resource "aws_cloudwatch_log_group" "a_year_as_text" { # PASSED
  name              = "/aws/eks/y"
  retention_in_days = "365"
}
