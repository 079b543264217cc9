resource "aws_db_instance" "private" {
  identifier          = "private"
  engine              = "postgres"
  instance_class      = "db.t3.small"
  publicly_accessible = false
}
