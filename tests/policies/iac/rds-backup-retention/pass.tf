resource "aws_db_instance" "backed_up" {
  identifier              = "backed-up"
  engine                  = "postgres"
  instance_class          = "db.t3.small"
  backup_retention_period = 14
}
