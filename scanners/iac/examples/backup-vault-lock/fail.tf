resource "aws_backup_vault" "short" { # FAILED
  name = "short"
}

resource "aws_backup_vault_lock_configuration" "short" {
  backup_vault_name  = aws_backup_vault.short.name
  min_retention_days = 7
}

resource "aws_backup_vault" "open" { # FAILED
  name = "open"
}
