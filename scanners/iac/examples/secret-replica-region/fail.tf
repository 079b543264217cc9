resource "aws_secretsmanager_secret" "abroad" { # FAILED
  name = "abroad"
  replica {
    region = "eu-central-1"
  }
  replica {
    region = "us-east-1"
  }
}
