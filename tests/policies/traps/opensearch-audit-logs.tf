resource "aws_opensearch_domain" "one_on_one_off" { # FAILED
  log_publishing_options {
    log_type                 = "AUDIT_LOGS"
    enabled                  = false
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:audit"
  }
  log_publishing_options {
    log_type                 = "ES_APPLICATION_LOGS"
    enabled                  = true
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:app"
  }
}
resource "aws_opensearch_domain" "nowhere" { # FAILED
  log_publishing_options {
    log_type                 = "AUDIT_LOGS"
    cloudwatch_log_group_arn = ""
  }
}
variable "kinds" {
  type = set(string)
}
resource "aws_opensearch_domain" "loop" { # UNKNOWN
  dynamic "log_publishing_options" {
    for_each = var.kinds
    content {
      log_type                 = log_publishing_options.value
      cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:audit"
    }
  }
}
resource "aws_opensearch_domain" "known_loop" { # PASSED
  dynamic "log_publishing_options" {
    for_each = toset(["AUDIT_LOGS", "INDEX_SLOW_LOGS"])
    content {
      log_type                 = log_publishing_options.value
      cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:audit"
    }
  }
}
resource "aws_elasticsearch_domain" "other_case" { # FAILED
  log_publishing_options {
    log_type                 = "audit_logs"
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:audit"
  }
}
