variable "regions" {
  type = set(string)
}
resource "aws_secretsmanager_secret" "loop" { # UNKNOWN
  dynamic "replica" {
    for_each = var.regions
    content {
      region = replica.value
    }
  }
}
resource "aws_secretsmanager_secret" "surely_abroad" { # FAILED
  replica {
    region = "us-east-1"
  }
  dynamic "replica" {
    for_each = var.regions
    content {
      region = replica.value
    }
  }
}
resource "aws_secretsmanager_secret" "made_abroad" { # FAILED
  region = "us-east-1"
}
