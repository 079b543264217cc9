resource "aws_db_instance" "public" { # FAILED
  identifier          = "public"
  engine              = "postgres"
  instance_class      = "db.t3.small"
  publicly_accessible = true
}
