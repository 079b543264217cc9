resource "aws_opensearch_domain" "orders" {
  domain_name = "orders"
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
}


resource "aws_elasticsearch_domain" "orders" {
  domain_name = "orders"
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
}
