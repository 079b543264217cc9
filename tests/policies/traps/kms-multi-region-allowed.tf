variable "region" {
  type = string
}
resource "aws_kms_replica_key" "variable" { # UNKNOWN
  region = var.region
}
resource "aws_kms_replica_key" "not_said" { # UNKNOWN
  primary_key_arn = "arn:aws:kms:eu-west-3:111122223333:key/mrk-1"
}
provider "aws" {
  alias  = "abroad"
  region = "us-east-1"
}
resource "aws_kms_replica_key" "by_its_provider" { # FAILED
  provider        = aws.abroad
  primary_key_arn = "arn:aws:kms:eu-west-3:111122223333:key/mrk-1"
}
