resource "aws_db_instance" "private" {
  identifier          = "private"
  engine              = "postgres"
  instance_class      = "db.t3.small"
  publicly_accessible = false
}

resource "aws_rds_shard_group" "private" {
  db_shard_group_identifier = "orders"
  db_cluster_identifier     = "orders"
  max_acu                   = 100
  publicly_accessible       = false
}

resource "aws_neptunegraph_graph" "private" {
  graph_name         = "people"
  provisioned_memory = 16
}
