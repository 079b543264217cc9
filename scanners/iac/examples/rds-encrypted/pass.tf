resource "aws_db_instance" "encrypted" {
  identifier        = "encrypted"
  engine            = "postgres"
  instance_class    = "db.t3.small"
  storage_encrypted = true
}

resource "aws_rds_cluster" "encrypted" {
  cluster_identifier = "encrypted"
  engine             = "aurora-postgresql"
  storage_encrypted  = true
}

resource "aws_rds_global_cluster" "encrypted" {
  global_cluster_identifier = "encrypted"
  engine                    = "aurora-postgresql"
  storage_encrypted         = true
}
