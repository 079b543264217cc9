variable "encrypted" {
  type = bool
}
resource "aws_opensearch_domain" "variable" { # UNKNOWN
  encrypt_at_rest {
    enabled = var.encrypted
  }
  node_to_node_encryption {
    enabled = true
  }
}
resource "aws_opensearch_domain" "null" { # FAILED
  encrypt_at_rest {
    enabled = null
  }
  node_to_node_encryption {
    enabled = true
  }
}
resource "aws_opensearch_domain" "a_key_alone" { # FAILED
  encrypt_at_rest {
    kms_key_id = "alias/search"
  }
  node_to_node_encryption {
    enabled = true
  }
}
resource "aws_opensearch_domain" "loop" { # UNKNOWN
  dynamic "encrypt_at_rest" {
    for_each = var.encrypted ? [1] : []
    content {
      enabled = true
    }
  }
  node_to_node_encryption {
    enabled = true
  }
}
resource "aws_opensearch_domain" "surely_not" { # FAILED
  encrypt_at_rest {
    enabled = var.encrypted
  }
  node_to_node_encryption {
    enabled = false
  }
}
resource "aws_elasticsearch_domain" "text" { # PASSED
  encrypt_at_rest {
    enabled = "true"
  }
  node_to_node_encryption {
    enabled = "true"
  }
}
