resource "aws_opensearch_domain" "nothing" { # FAILED
  domain_name = "nothing"
}

resource "aws_opensearch_domain" "slow_queries_only" { # FAILED
  domain_name = "slow"
  log_publishing_options {
    log_type                 = "INDEX_SLOW_LOGS"
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:slow"
  }
}

resource "aws_opensearch_domain" "off" { # FAILED
  domain_name = "off"
  log_publishing_options {
    log_type                 = "AUDIT_LOGS"
    enabled                  = false
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:audit"
  }
}


resource "aws_elasticsearch_domain" "nothing" { # FAILED
  domain_name = "nothing"
}

resource "aws_elasticsearch_domain" "slow_queries_only" { # FAILED
  domain_name = "slow"
  log_publishing_options {
    log_type                 = "INDEX_SLOW_LOGS"
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:slow"
  }
}

resource "aws_elasticsearch_domain" "off" { # FAILED
  domain_name = "off"
  log_publishing_options {
    log_type                 = "AUDIT_LOGS"
    enabled                  = false
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-3:111122223333:log-group:audit"
  }
}
