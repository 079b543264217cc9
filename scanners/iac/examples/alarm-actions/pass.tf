resource "aws_cloudwatch_metric_alarm" "heard" {
  alarm_name          = "heard"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "CPUUtilization"
  namespace           = "AWS/EC2"
  actions_enabled     = true
  alarm_actions       = ["arn:aws:sns:eu-west-3:123456789012:alerts"]
}
