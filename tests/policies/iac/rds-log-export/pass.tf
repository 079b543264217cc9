resource "aws_db_instance" "logged" {
  identifier                      = "logged"
  engine                          = "postgres"
  instance_class                  = "db.t3.small"
  parameter_group_name            = aws_db_parameter_group.logged.name
  enabled_cloudwatch_logs_exports = ["postgresql"]
}

resource "aws_db_parameter_group" "logged" {
  name   = "logged"
  family = "postgres16"

  parameter {
    name  = "log_statement"
    value = "all"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "1"
  }
}

resource "aws_rds_cluster" "logged" {
  cluster_identifier              = "logged"
  engine                          = "aurora-postgresql"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.logged.name
  enabled_cloudwatch_logs_exports = ["postgresql"]
}

resource "aws_rds_cluster_parameter_group" "logged" {
  name   = "logged"
  family = "aurora-postgresql16"

  parameter {
    name  = "log_statement"
    value = "all"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "1"
  }
}

resource "aws_rds_cluster" "with_audit" {
  cluster_identifier              = "with-audit"
  engine                          = "aurora-mysql"
  enabled_cloudwatch_logs_exports = ["audit", "error"]
}
