provider "aws" {
  region              = "eu-west-3"
  allowed_account_ids = ["123456789012"]
}

resource "aws_cloudwatch_log_group" "a_month" { # FAILED
  name              = "/aws/eks/main/cluster"
  retention_in_days = 30
}

resource "aws_cloudwatch_log_group" "of_trail" { # FAILED
  name              = "trail"
  retention_in_days = 30
}

resource "aws_cloudtrail" "main" {
  name                       = "main"
  s3_bucket_name             = "trails"
  cloud_watch_logs_group_arn = "arn:aws:logs:eu-west-3:123456789012:log-group:trail:*"
}

resource "aws_cloudwatch_log_group" "of_flows" { # FAILED
  name              = "flows"
  retention_in_days = 30
}

resource "aws_flow_log" "by_arn" {
  log_destination = "arn:aws:logs:eu-west-3:123456789012:log-group:flows"
}

resource "aws_cloudwatch_log_group" "of_older_flows" { # FAILED
  name              = "older-flows"
  retention_in_days = 30
}

resource "aws_flow_log" "by_name" {
  log_group_name = "older-flows"
}
