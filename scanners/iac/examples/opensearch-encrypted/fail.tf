resource "aws_opensearch_domain" "nothing" { # FAILED
  domain_name = "nothing"
}

resource "aws_opensearch_domain" "at_rest_only" { # FAILED
  domain_name = "at-rest"
  encrypt_at_rest {
    enabled = true
  }
}

resource "aws_opensearch_domain" "between_nodes_only" { # FAILED
  domain_name = "between"
  encrypt_at_rest {
    enabled = false
  }
  node_to_node_encryption {
    enabled = true
  }
}


resource "aws_elasticsearch_domain" "nothing" { # FAILED
  domain_name = "nothing"
}

resource "aws_elasticsearch_domain" "at_rest_only" { # FAILED
  domain_name = "at-rest"
  encrypt_at_rest {
    enabled = true
  }
}

resource "aws_elasticsearch_domain" "between_nodes_only" { # FAILED
  domain_name = "between"
  encrypt_at_rest {
    enabled = false
  }
  node_to_node_encryption {
    enabled = true
  }
}
