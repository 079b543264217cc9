resource "aws_db_instance" "crm" {
  identifier     = "crm"
  instance_class = "db.t3.small"
  engine         = "postgres"
  engine_version = "17.4"
}

resource "aws_rds_cluster" "shop" {
  cluster_identifier = "shop"
  engine             = "aurora-mysql"
  engine_version     = "8.0.mysql_aurora.3.08.0"
}

resource "aws_db_instance" "capitals" {
  engine         = "Postgres"
  engine_version = "17"
}
