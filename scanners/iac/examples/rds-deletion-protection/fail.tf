resource "aws_db_instance" "unprotected" { # FAILED
  identifier     = "unprotected"
  engine         = "postgres"
  instance_class = "db.t3.small"

  tags = {
    Environment = "production"
  }
}

resource "aws_rds_cluster" "unprotected" { # FAILED
  cluster_identifier = "unprotected"
  engine             = "aurora-postgresql"

  tags = {
    Environment = "production"
  }
}
