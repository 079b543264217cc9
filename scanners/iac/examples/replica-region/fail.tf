resource "aws_secretsmanager_secret" "one_of_two" { # FAILED
  name = "payments"

  replica {
    region = "eu-west-1"
  }
  replica {
    region = "us-east-1"
  }
}

resource "aws_ecr_replication_configuration" "everywhere" { # FAILED
  replication_configuration {
    rule {
      destination {
        region      = "eu-west-1"
        registry_id = "123456789012"
      }
      destination {
        region      = "us-east-1"
        registry_id = "123456789012"
      }
    }
  }
}
