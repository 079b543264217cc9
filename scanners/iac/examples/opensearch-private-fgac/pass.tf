resource "aws_opensearch_domain" "orders" {
  domain_name = "orders"
  vpc_options {
    subnet_ids = ["subnet-1", "subnet-2"]
  }
  advanced_security_options {
    enabled = true
  }
}


resource "aws_elasticsearch_domain" "orders" {
  domain_name = "orders"
  vpc_options {
    subnet_ids = ["subnet-1", "subnet-2"]
  }
  advanced_security_options {
    enabled = true
  }
}
