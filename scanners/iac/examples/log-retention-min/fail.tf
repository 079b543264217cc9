resource "aws_cloudwatch_log_group" "a_month" { # FAILED
  name              = "/aws/eks/main/cluster"
  retention_in_days = 30
}
