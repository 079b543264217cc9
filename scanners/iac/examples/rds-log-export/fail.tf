resource "aws_db_instance" "silent" { # FAILED
  identifier     = "silent"
  engine         = "postgres"
  instance_class = "db.t3.small"
}

resource "aws_rds_cluster" "silent" { # FAILED
  cluster_identifier = "silent"
  engine             = "aurora-postgresql"
}

resource "aws_rds_cluster" "slow_queries_only" { # FAILED
  cluster_identifier              = "slow-queries-only"
  engine                          = "aurora-mysql"
  enabled_cloudwatch_logs_exports = ["slowquery"]
}

resource "aws_db_instance" "errors_only" { # FAILED
  identifier                      = "errors-only"
  engine                          = "mysql"
  instance_class                  = "db.t3.small"
  enabled_cloudwatch_logs_exports = ["error"]
}
