resource "aws_db_instance" "stays_behind" { # FAILED
  identifier                 = "stays-behind"
  engine                     = "postgres"
  instance_class             = "db.t3.small"
  auto_minor_version_upgrade = false
}
