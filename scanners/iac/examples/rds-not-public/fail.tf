resource "aws_db_instance" "public" { # FAILED
  identifier          = "public"
  engine              = "postgres"
  instance_class      = "db.t3.small"
  publicly_accessible = true
}

resource "aws_rds_shard_group" "public" { # FAILED
  db_shard_group_identifier = "orders"
  db_cluster_identifier     = "orders"
  max_acu                   = 100
  publicly_accessible       = true
}

resource "aws_neptunegraph_graph" "public" { # FAILED
  graph_name          = "people"
  provisioned_memory  = 16
  public_connectivity = true
}
