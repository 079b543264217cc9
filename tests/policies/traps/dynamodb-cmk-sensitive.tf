resource "aws_dynamodb_table" "off" { # FAILED
  server_side_encryption {
    enabled     = false
    kms_key_arn = "arn:aws:kms:eu-west-3:111122223333:key/1"
  }
}
resource "aws_dynamodb_table" "alias_of_aws" { # FAILED
  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:eu-west-3:111122223333:alias/aws/dynamodb"
  }
}
resource "aws_dynamodb_table" "empty" { # FAILED
  server_side_encryption {
    enabled     = true
    kms_key_arn = ""
  }
}
resource "aws_kms_key" "own" {
}
resource "aws_dynamodb_table" "replica_without" { # FAILED
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.own.arn
  }
  replica {
    region_name = "eu-west-1"
  }
}
variable "key" {
  type    = string
}
resource "aws_dynamodb_table" "variable" { # UNKNOWN
  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key
  }
}
variable "regions" {
  type = set(string)
}
resource "aws_dynamodb_table" "loop_of_replicas" { # UNKNOWN
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.own.arn
  }
  dynamic "replica" {
    for_each = var.regions
    content {
      region_name = replica.value
    }
  }
}
