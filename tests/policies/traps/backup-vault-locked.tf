resource "aws_backup_vault" "nothing" { # FAILED
  name = "x"
}
resource "aws_backup_logically_air_gapped_vault" "too_short" { # FAILED
  min_retention_days = 7
  max_retention_days = 365
}
resource "aws_backup_logically_air_gapped_vault" "long_enough" { # PASSED
  min_retention_days = 35
  max_retention_days = 365
}
