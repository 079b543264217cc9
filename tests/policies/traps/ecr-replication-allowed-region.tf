variable "regions" {
  type = set(string)
}
resource "aws_ecr_replication_configuration" "second_rule" { # FAILED
  replication_configuration {
    rule {
      destination {
        region = "eu-west-3"
      }
    }
    rule {
      destination {
        region = "us-east-1"
      }
    }
  }
}
resource "aws_ecr_replication_configuration" "loop" { # UNKNOWN
  replication_configuration {
    rule {
      dynamic "destination" {
        for_each = var.regions
        content {
          region = destination.value
        }
      }
    }
  }
}
