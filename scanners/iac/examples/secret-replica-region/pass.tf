resource "aws_secretsmanager_secret" "here" {
  name = "here"
}

resource "aws_secretsmanager_secret" "in_europe" {
  name = "europe"
  replica {
    region = "eu-central-1"
  }
}
