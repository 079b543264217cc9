resource "aws_backup_vault" "nothing" { # FAILED
  name = "x"
}
