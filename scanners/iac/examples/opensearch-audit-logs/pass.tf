resource "aws_opensearch_domain" "orders" {
  domain_name = "orders"
  log_publishing_options {
    log_type                 = "INDEX_SLOW_LOGS"
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:slow"
  }
  log_publishing_options {
    log_type                 = "AUDIT_LOGS"
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:audit"
  }
}


resource "aws_elasticsearch_domain" "orders" {
  domain_name = "orders"
  log_publishing_options {
    log_type                 = "INDEX_SLOW_LOGS"
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:slow"
  }
  log_publishing_options {
    log_type                 = "AUDIT_LOGS"
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:audit"
  }
}
