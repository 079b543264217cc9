resource "aws_db_instance" "plain" { # FAILED
  identifier     = "plain"
  engine         = "postgres"
  instance_class = "db.t3.small"
}

resource "aws_rds_cluster" "plain" { # FAILED
  cluster_identifier = "plain"
  engine             = "aurora-postgresql"
}

resource "aws_rds_global_cluster" "plain" { # FAILED
  global_cluster_identifier = "plain"
  engine                    = "aurora-postgresql"
}
