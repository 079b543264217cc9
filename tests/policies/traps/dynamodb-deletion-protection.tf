resource "aws_dynamodb_table" "null" { # FAILED
  deletion_protection_enabled = null
}
variable "keep" {
  type = bool
}
resource "aws_dynamodb_table" "variable" { # UNKNOWN
  deletion_protection_enabled = var.keep
}
resource "aws_dynamodb_table" "lifecycle_is_of_terraform_alone" { # FAILED
  lifecycle {
    prevent_destroy = true
  }
}
resource "aws_dynamodb_table" "replica_off" { # FAILED
  deletion_protection_enabled = true
  replica {
    region_name                 = "eu-west-1"
    deletion_protection_enabled = false
  }
}
resource "aws_dynamodb_table" "replica_says_nothing" { # FAILED
  deletion_protection_enabled = true
  replica {
    region_name = "eu-west-1"
  }
}
resource "aws_dynamodb_table" "replica_on" { # PASSED
  deletion_protection_enabled = true
  replica {
    region_name                 = "eu-west-1"
    deletion_protection_enabled = true
  }
}
