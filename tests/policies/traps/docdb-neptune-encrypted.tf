resource "aws_docdb_cluster" "null" { # FAILED
  storage_encrypted = null
}
resource "aws_docdb_cluster" "a_key_alone" { # FAILED
  kms_key_id = "alias/orders"
}
resource "aws_docdb_cluster" "restored" { # UNKNOWN
  snapshot_identifier = "orders-1"
}
resource "aws_docdb_cluster" "restored_and_off" { # FAILED
  snapshot_identifier = "orders-1"
  storage_encrypted   = false
}
resource "aws_docdb_cluster" "to_a_point_in_time" { # UNKNOWN
  restore_to_point_in_time {
    source_cluster_identifier  = "orders"
    use_latest_restorable_time = true
  }
}
resource "aws_neptune_cluster" "replica" { # UNKNOWN
  replication_source_identifier = "arn:aws:rds:eu-west-1:111122223333:cluster:friends"
}
variable "encrypted" {
  type = bool
}
resource "aws_neptune_cluster" "variable" { # UNKNOWN
  storage_encrypted = var.encrypted
}
resource "aws_neptune_global_cluster" "of_a_cluster" { # UNKNOWN
  source_db_cluster_identifier = "arn:aws:rds:eu-west-1:111122223333:cluster:friends"
}
resource "aws_docdb_cluster" "restored_and_on" { # UNKNOWN
  snapshot_identifier = "orders-1"
  storage_encrypted   = true
}
resource "aws_neptune_cluster" "restored_with_a_key" { # PASSED
  snapshot_identifier = "friends-1"
  storage_encrypted   = true
  kms_key_arn         = "arn:aws:kms:eu-west-3:111122223333:key/1"
}
