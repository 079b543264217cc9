resource "aws_db_instance" "logged" {
  identifier                      = "logged"
  engine                          = "postgres"
  instance_class                  = "db.t3.small"
  enabled_cloudwatch_logs_exports = ["postgresql"]
}

resource "aws_rds_cluster" "logged" {
  cluster_identifier              = "logged"
  engine                          = "aurora-postgresql"
  enabled_cloudwatch_logs_exports = ["postgresql"]
}

resource "aws_rds_cluster" "with_audit" {
  cluster_identifier              = "with-audit"
  engine                          = "aurora-mysql"
  enabled_cloudwatch_logs_exports = ["audit", "error"]
}

resource "aws_db_instance" "every_query" {
  identifier                      = "every-query"
  engine                          = "mysql"
  instance_class                  = "db.t3.small"
  enabled_cloudwatch_logs_exports = ["general"]
}

resource "aws_docdb_cluster" "audited" {
  cluster_identifier              = "audited"
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.audited.name
  enabled_cloudwatch_logs_exports = ["audit", "profiler"]
}

resource "aws_docdb_cluster_parameter_group" "audited" {
  family = "docdb5.0"

  parameter {
    name  = "audit_logs"
    value = "ddl, dml_write"
  }
}

resource "aws_neptune_cluster" "audited" {
  cluster_identifier                   = "audited"
  neptune_cluster_parameter_group_name = aws_neptune_cluster_parameter_group.audited.name
  enable_cloudwatch_logs_exports       = ["audit"]
}

resource "aws_neptune_cluster_parameter_group" "audited" {
  family = "neptune1.3"

  parameter {
    name  = "neptune_enable_audit_log"
    value = "1"
  }
}

resource "aws_db_instance" "capitals" {
  engine                          = "Postgres"
  enabled_cloudwatch_logs_exports = ["postgresql"]
}
