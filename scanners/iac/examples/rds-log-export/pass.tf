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
