resource "aws_db_instance" "silent" { # FAILED
  identifier     = "silent"
  engine         = "postgres"
  instance_class = "db.t3.small"
}

resource "aws_rds_cluster" "silent" { # FAILED
  cluster_identifier = "silent"
  engine             = "aurora-postgresql"
}

resource "aws_rds_cluster" "without_audit" { # FAILED
  cluster_identifier              = "without-audit"
  engine                          = "aurora-mysql"
  enabled_cloudwatch_logs_exports = ["error"]
}
