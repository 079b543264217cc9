variable "topics" {
  default = []
}

resource "aws_cloudwatch_metric_alarm" "switched_off" { # FAILED
  alarm_name          = "switched_off"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "CPUUtilization"
  namespace           = "AWS/EC2"
  actions_enabled     = false
  alarm_actions       = ["arn:aws:sns:eu-west-3:123456789012:alerts"]
}

resource "aws_cloudwatch_metric_alarm" "without" { # FAILED
  alarm_name          = "without"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "CPUUtilization"
  namespace           = "AWS/EC2"
}

resource "aws_cloudwatch_metric_alarm" "empty" { # FAILED
  alarm_name          = "empty"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "CPUUtilization"
  namespace           = "AWS/EC2"
  alarm_actions       = var.topics
  ok_actions          = ["arn:aws:sns:eu-west-3:123456789012:alerts"]
}
