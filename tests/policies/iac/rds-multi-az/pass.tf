resource "aws_db_instance" "two_zones" {
  identifier     = "two-zones"
  engine         = "postgres"
  instance_class = "db.t3.small"
  multi_az       = true

  tags = {
    Environment = "production"
  }
}
