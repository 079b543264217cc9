resource "aws_db_instance" "protected" {
  identifier          = "protected"
  engine              = "postgres"
  instance_class      = "db.t3.small"
  deletion_protection = true

  tags = {
    Environment = "production"
  }
}

resource "aws_rds_cluster" "protected" {
  cluster_identifier  = "protected"
  engine              = "aurora-postgresql"
  deletion_protection = true

  tags = {
    Environment = "production"
  }
}
