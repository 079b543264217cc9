resource "aws_secretsmanager_secret" "for_ever" { # FAILED
  name = "for-ever"
}
