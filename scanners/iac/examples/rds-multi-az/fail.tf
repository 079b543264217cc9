resource "aws_db_instance" "one_zone" { # FAILED
  identifier     = "one-zone"
  engine         = "postgres"
  instance_class = "db.t3.small"

  tags = {
    Environment = "production"
  }
}
