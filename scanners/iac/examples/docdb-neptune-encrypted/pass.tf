resource "aws_docdb_cluster" "orders" {
  cluster_identifier = "orders"
  storage_encrypted  = true
}

resource "aws_neptune_cluster" "friends" {
  cluster_identifier = "friends"
  storage_encrypted  = true
}

resource "aws_docdb_global_cluster" "orders" {
  global_cluster_identifier = "orders"
  storage_encrypted         = true
}
