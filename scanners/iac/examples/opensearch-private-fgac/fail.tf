resource "aws_opensearch_domain" "public" { # FAILED
  domain_name = "public"
  advanced_security_options {
    enabled = true
  }
}

resource "aws_opensearch_domain" "for_all_inside" { # FAILED
  domain_name = "inside"
  vpc_options {
    subnet_ids = ["subnet-1"]
  }
}


resource "aws_elasticsearch_domain" "public" { # FAILED
  domain_name = "public"
  advanced_security_options {
    enabled = true
  }
}

resource "aws_elasticsearch_domain" "for_all_inside" { # FAILED
  domain_name = "inside"
  vpc_options {
    subnet_ids = ["subnet-1"]
  }
}

resource "aws_opensearch_domain" "anonymous" { # FAILED
  domain_name = "anonymous"
  vpc_options {
    subnet_ids = ["subnet-1"]
  }
  advanced_security_options {
    enabled                = true
    anonymous_auth_enabled = true
  }
}
