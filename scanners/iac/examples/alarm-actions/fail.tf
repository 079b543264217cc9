resource "aws_cloudwatch_metric_alarm" "unheard" { # FAILED
  alarm_name          = "unheard"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "CPUUtilization"
  namespace           = "AWS/EC2"
  actions_enabled     = false
}
