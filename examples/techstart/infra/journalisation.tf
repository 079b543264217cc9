resource "aws_cloudwatch_log_group" "piste_audit" {
  name              = "/techstart/piste-audit"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.journaux.arn
}

resource "aws_cloudwatch_log_group" "flux_vpc" {
  name              = "/techstart/flux-vpc"
  retention_in_days = 30
}

# Drift: in the account this group never expires.
resource "aws_cloudwatch_log_group" "debogage" {
  name              = "/techstart/debogage"
  retention_in_days = 90
}

resource "aws_cloudtrail" "piste" {
  name                          = "techstart-piste"
  s3_bucket_name                = "techstart-piste-audit"
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  kms_key_id                    = aws_kms_key.journaux.arn
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.piste_audit.arn}:*"
  cloud_watch_logs_role_arn     = aws_iam_role.flux_vpc.arn
}

resource "aws_guardduty_detector" "paris" {
  enable = true
}

# Ireland is announced here and was never applied.
resource "aws_guardduty_detector" "irlande" {
  provider = aws.irlande
  enable   = true
}

resource "aws_cloudwatch_metric_alarm" "racine" {
  alarm_name          = "techstart-RacineUtilisee"
  namespace           = "TechStart/Securite"
  metric_name         = "RacineUtilisee"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 1
  period              = 300
  statistic           = "Sum"
  threshold           = 1
  alarm_actions       = [aws_sns_topic.alertes.arn]
}
