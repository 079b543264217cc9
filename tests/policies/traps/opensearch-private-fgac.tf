resource "aws_opensearch_domain" "groups_only" { # FAILED
  vpc_options {
    security_group_ids = ["sg-1"]
  }
  advanced_security_options {
    enabled = true
  }
}
resource "aws_opensearch_domain" "no_subnets" { # FAILED
  vpc_options {
    subnet_ids = []
  }
  advanced_security_options {
    enabled = true
  }
}
variable "subnets" {
  type = list(string)
}
resource "aws_opensearch_domain" "variable" { # UNKNOWN
  vpc_options {
    subnet_ids = var.subnets
  }
  advanced_security_options {
    enabled = true
  }
}
resource "aws_subnet" "a" {
  vpc_id = "vpc-1"
}
resource "aws_opensearch_domain" "made" { # PASSED
  vpc_options {
    subnet_ids = [aws_subnet.a.id]
  }
  advanced_security_options {
    enabled = true
  }
}
resource "aws_opensearch_domain" "off" { # FAILED
  vpc_options {
    subnet_ids = var.subnets
  }
  advanced_security_options {
    enabled = false
  }
}
resource "aws_opensearch_domain" "loop" { # UNKNOWN
  dynamic "vpc_options" {
    for_each = length(var.subnets) > 0 ? [1] : []
    content {
      subnet_ids = ["subnet-1"]
    }
  }
  advanced_security_options {
    enabled = true
  }
}
