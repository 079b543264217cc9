resource "aws_opensearch_domain" "orders" {
  domain_name = "orders"
  encrypt_at_rest {
    enabled = true
  }
  node_to_node_encryption {
    enabled = true
  }
}


resource "aws_elasticsearch_domain" "orders" {
  domain_name = "orders"
  encrypt_at_rest {
    enabled = true
  }
  node_to_node_encryption {
    enabled = true
  }
}
