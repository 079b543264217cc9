provider "aws" {
  region = "eu-west-3"
}

resource "aws_secretsmanager_secret" "alone" {
  name = "database"
}

resource "aws_secretsmanager_secret" "second_site" {
  name = "payments"

  replica {
    region = "eu-west-1"
  }
}

resource "aws_ecr_replication_configuration" "second_site" {
  replication_configuration {
    rule {
      destination {
        region      = "eu-west-1"
        registry_id = "123456789012"
      }
    }
  }
}
