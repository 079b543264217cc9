resource "aws_backup_vault" "plain" { # FAILED
  name = "plain"
}
