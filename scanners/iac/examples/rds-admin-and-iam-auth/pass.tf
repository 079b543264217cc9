resource "aws_db_instance" "crm" {
  identifier                          = "crm"
  instance_class                      = "db.t3.small"
  engine                              = "postgres"
  username                            = "crm_owner"
  iam_database_authentication_enabled = true
}

resource "aws_rds_cluster" "shop" {
  cluster_identifier                  = "shop"
  engine                              = "aurora-mysql"
  master_username                     = "shop_owner"
  iam_database_authentication_enabled = true
}

resource "aws_neptune_cluster" "graph" {
  cluster_identifier                  = "graph"
  iam_database_authentication_enabled = true
}

resource "aws_db_instance" "capitals" {
  identifier                          = "capitals"
  instance_class                      = "db.t3.small"
  engine                              = "Postgres"
  username                            = "crm_owner"
  iam_database_authentication_enabled = true
}
