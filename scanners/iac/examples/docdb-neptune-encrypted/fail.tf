resource "aws_docdb_cluster" "orders" { # FAILED
  cluster_identifier = "orders"
}

resource "aws_neptune_cluster" "friends" { # FAILED
  cluster_identifier = "friends"
  storage_encrypted  = false
}

resource "aws_docdb_global_cluster" "orders" { # FAILED
  global_cluster_identifier = "orders"
}

resource "aws_neptune_global_cluster" "friends" { # FAILED
  global_cluster_identifier = "friends"
}
