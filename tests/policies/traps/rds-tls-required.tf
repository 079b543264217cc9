resource "aws_db_instance" "pg" { # PASSED
  engine = "postgres"
  parameter_group_name = aws_db_parameter_group.pg.name
}
resource "aws_db_parameter_group" "pg" {
  family = "postgres14"
  parameter {
    name  = "log_statement"
    value = "all"
  }
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}
resource "aws_db_instance" "pg_off" { # FAILED
  engine = "postgres"
  parameter_group_name = aws_db_parameter_group.pg_off.name
}
resource "aws_db_parameter_group" "pg_off" {
  family = "postgres16"
  parameter {
    name  = "rds.force_ssl"
    value = "0"
  }
}
resource "aws_db_instance" "pg_old_silent" { # FAILED
  engine = "postgres"
  parameter_group_name = aws_db_parameter_group.pg_old_silent.name
}
resource "aws_db_parameter_group" "pg_old_silent" {
  family = "postgres14"
  parameter {
    name  = "log_statement"
    value = "all"
  }
}
resource "aws_db_instance" "pg_new_silent" { # PASSED
  engine = "postgres"
  parameter_group_name = aws_db_parameter_group.pg_new_silent.name
}
resource "aws_db_parameter_group" "pg_new_silent" {
  family = "postgres16"
}
resource "aws_db_instance" "pg_default" { # UNKNOWN
  engine = "postgres"
}
resource "aws_db_instance" "sqlserver_silent" { # FAILED
  engine = "sqlserver-se"
  parameter_group_name = aws_db_parameter_group.sqlserver_silent.name
}
resource "aws_db_parameter_group" "sqlserver_silent" {
  family = "sqlserver-se-15.0"
}
resource "aws_db_instance" "mysql_on" { # PASSED
  engine = "mysql"
  parameter_group_name = aws_db_parameter_group.mysql_on.name
}
resource "aws_db_parameter_group" "mysql_on" {
  family = "mysql8.0"
  parameter {
    name  = "require_secure_transport"
    value = "ON"
  }
}
resource "aws_db_instance" "mysql_wrong_parameter" { # FAILED
  engine = "mysql"
  parameter_group_name = aws_db_parameter_group.mysql_wrong_parameter.name
}
resource "aws_db_parameter_group" "mysql_wrong_parameter" {
  family = "mysql8.0"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}
resource "aws_db_instance" "mysql_new_silent" { # UNKNOWN
  engine = "mysql"
  parameter_group_name = aws_db_parameter_group.mysql_new_silent.name
}
resource "aws_db_parameter_group" "mysql_new_silent" {
  family = "mysql8.4"
}
resource "aws_db_instance" "mariadb_off" { # FAILED
  engine = "mariadb"
  parameter_group_name = aws_db_parameter_group.mariadb_off.name
}
resource "aws_db_parameter_group" "mariadb_off" {
  family = "mariadb10.11"
  parameter {
    name  = "require_secure_transport"
    value = "0"
  }
}
resource "aws_db_instance" "oracle" { # UNKNOWN
  engine = "oracle-ee"
}
resource "aws_rds_cluster" "aurora_default" { # UNKNOWN
  engine = "aurora-postgresql"
}
resource "aws_rds_cluster" "aurora_old_silent" { # FAILED
  engine = "aurora-postgresql"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.aurora_old_silent.name
}
resource "aws_rds_cluster_parameter_group" "aurora_old_silent" {
  family = "aurora-postgresql16"
}
resource "aws_rds_cluster" "aurora_new_silent" { # UNKNOWN
  engine = "aurora-postgresql"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.aurora_new_silent.name
}
resource "aws_rds_cluster_parameter_group" "aurora_new_silent" {
  family = "aurora-postgresql17"
}
resource "aws_rds_cluster" "aurora_mysql_silent" { # FAILED
  engine = "aurora-mysql"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.aurora_mysql_silent.name
}
resource "aws_rds_cluster_parameter_group" "aurora_mysql_silent" {
  family = "aurora-mysql8.0"
}
resource "aws_rds_cluster" "aurora_mysql_on" { # PASSED
  engine = "aurora-mysql"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.aurora_mysql_on.name
}
resource "aws_rds_cluster_parameter_group" "aurora_mysql_on" {
  family = "aurora-mysql8.0"
  parameter {
    name  = "require_secure_transport"
    value = "on"
  }
}
resource "aws_rds_cluster" "multi_az_off" { # FAILED
  engine = "postgres"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.multi_az_off.name
}
resource "aws_rds_cluster_parameter_group" "multi_az_off" {
  family = "postgres16"
  parameter {
    name  = "rds.force_ssl"
    value = "0"
  }
}
