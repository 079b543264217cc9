resource "aws_opensearch_domain" "a_name_only" { # UNKNOWN
  domain_endpoint_options {
    custom_endpoint_enabled = true
  }
}
resource "aws_opensearch_domain" "by_default" { # PASSED
  domain_endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
}
resource "aws_opensearch_domain" "null" { # PASSED
  domain_endpoint_options {
    enforce_https       = null
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
}
variable "policy" {
  type = string
}
resource "aws_opensearch_domain" "variable" { # UNKNOWN
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = var.policy
  }
}
resource "aws_opensearch_domain" "old_and_in_clear" { # FAILED
  domain_endpoint_options {
    enforce_https       = false
    tls_security_policy = var.policy
  }
}
resource "aws_elasticsearch_domain" "no_such_policy" { # FAILED
  domain_endpoint_options {
    tls_security_policy = "policy-min-tls-1-2-2019-07"
  }
}
resource "aws_opensearch_domain" "loop" { # UNKNOWN
  dynamic "domain_endpoint_options" {
    for_each = var.policy == "" ? [] : [var.policy]
    content {
      tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
    }
  }
}
