resource "aws_db_instance" "not_said" { # FAILED
  identifier = "not-said"
}

resource "aws_rds_cluster" "a_day" { # FAILED
  cluster_identifier      = "a-day"
  backup_retention_period = 1
}
