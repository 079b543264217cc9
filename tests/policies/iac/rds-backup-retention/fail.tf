resource "aws_db_instance" "no_backup" { # FAILED
  identifier              = "no-backup"
  engine                  = "postgres"
  instance_class          = "db.t3.small"
  backup_retention_period = 0
}
