resource "aws_opensearch_domain" "nothing" { # FAILED
  domain_name = "nothing"
}

resource "aws_opensearch_domain" "http" { # FAILED
  domain_name = "http"
  domain_endpoint_options {
    enforce_https       = false
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }
}

resource "aws_opensearch_domain" "old_tls" { # FAILED
  domain_name = "old"
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }
}


resource "aws_elasticsearch_domain" "nothing" { # FAILED
  domain_name = "nothing"
}

resource "aws_elasticsearch_domain" "http" { # FAILED
  domain_name = "http"
  domain_endpoint_options {
    enforce_https       = false
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }
}

resource "aws_elasticsearch_domain" "old_tls" { # FAILED
  domain_name = "old"
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }
}
