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

resource "aws_docdb_cluster" "audit_of_no_group" { # FAILED
  cluster_identifier              = "audit-of-no-group"
  enabled_cloudwatch_logs_exports = ["audit"]
}

resource "aws_docdb_cluster" "audit_off" { # FAILED
  cluster_identifier              = "audit-off"
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.audit_off.name
  enabled_cloudwatch_logs_exports = ["audit"]
}

resource "aws_docdb_cluster_parameter_group" "audit_off" {
  family = "docdb5.0"

  parameter {
    name  = "audit_logs"
    value = "disabled"
  }
}

resource "aws_docdb_cluster" "audit_unsaid" { # FAILED
  cluster_identifier              = "audit-unsaid"
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.audit_unsaid.name
  enabled_cloudwatch_logs_exports = ["audit"]
}

resource "aws_docdb_cluster_parameter_group" "audit_unsaid" {
  family = "docdb5.0"

  parameter {
    name  = "tls"
    value = "enabled"
  }
}

resource "aws_docdb_cluster" "audit_kept" { # FAILED
  cluster_identifier              = "audit-kept"
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.audit_kept.name
}

resource "aws_docdb_cluster_parameter_group" "audit_kept" {
  family = "docdb5.0"

  parameter {
    name  = "audit_logs"
    value = "enabled"
  }
}

resource "aws_neptune_cluster" "audit_of_the_default" { # FAILED
  cluster_identifier                   = "audit-of-the-default"
  neptune_cluster_parameter_group_name = "default.neptune1.3"
  enable_cloudwatch_logs_exports       = ["audit"]
}

resource "aws_neptune_cluster" "audit_off" { # FAILED
  cluster_identifier                   = "audit-off"
  neptune_cluster_parameter_group_name = aws_neptune_cluster_parameter_group.audit_off.name
  enable_cloudwatch_logs_exports       = ["audit"]
}

resource "aws_neptune_cluster_parameter_group" "audit_off" {
  family = "neptune1.3"

  parameter {
    name  = "neptune_enable_audit_log"
    value = "0"
  }
}

resource "aws_db_instance" "capitals" { # FAILED
  engine                          = "MySQL"
  enabled_cloudwatch_logs_exports = ["error"]
}
