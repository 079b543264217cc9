resource "aws_db_instance" "text_one" { # PASSED
  storage_encrypted = "1"
}
resource "aws_db_instance" "text_false" { # FAILED
  storage_encrypted = "false"
}
resource "aws_db_instance" "null" { # FAILED
  storage_encrypted = null
}
resource "aws_db_instance" "a_key_is_no_switch" { # FAILED
  kms_key_id = "arn:aws:kms:eu-west-3:111122223333:key/1"
}
resource "aws_db_instance" "replica" { # UNKNOWN
  replicate_source_db = "other"
}
resource "aws_db_instance" "from_snapshot" { # UNKNOWN
  snapshot_identifier = "snap"
}
resource "aws_db_instance" "restored" { # UNKNOWN
  restore_to_point_in_time {
    source_db_instance_identifier = "other"
  }
}
resource "aws_db_instance" "no_snapshot" { # FAILED
  snapshot_identifier = null
}
resource "aws_db_instance" "empty_snapshot" { # FAILED
  snapshot_identifier = ""
}
resource "aws_rds_cluster" "plain" { # FAILED
  engine = "aurora-postgresql"
}
resource "aws_rds_cluster" "serverless" { # PASSED
  engine      = "aurora-mysql"
  engine_mode = "serverless"
}
resource "aws_rds_cluster" "provisioned" { # FAILED
  engine      = "aurora-mysql"
  engine_mode = "provisioned"
}
resource "aws_rds_cluster" "replica" { # UNKNOWN
  replication_source_identifier = "arn:aws:rds:eu-west-1:111122223333:cluster:other"
}
resource "aws_rds_cluster" "member_of_a_global_one" { # UNKNOWN
  global_cluster_identifier = "world"
}
resource "aws_rds_global_cluster" "plain" { # FAILED
  global_cluster_identifier = "world"
}
resource "aws_rds_global_cluster" "of_a_cluster" { # UNKNOWN
  source_db_cluster_identifier = "arn:aws:rds:eu-west-1:111122223333:cluster:other"
}
resource "aws_docdb_cluster" "plain" { # FAILED
  engine = "docdb"
}
resource "aws_docdb_cluster" "encrypted" { # PASSED
  storage_encrypted = "true"
}
resource "aws_neptune_cluster" "off" { # FAILED
  storage_encrypted = "0"
}
resource "aws_db_instance" "replica_of_a_clear_one" { # FAILED
  replicate_source_db = aws_db_instance.text_false.identifier
}
resource "aws_db_instance" "replica_of_an_encrypted_one" { # PASSED
  replicate_source_db = aws_db_instance.text_one.identifier
}
resource "aws_db_instance" "from_snapshot_and_on" { # UNKNOWN
  snapshot_identifier = "snap"
  storage_encrypted   = true
  kms_key_id          = "arn:aws:kms:eu-west-3:111122223333:key/1"
}
resource "aws_db_instance" "replica_of_a_clear_one_and_on" { # FAILED
  replicate_source_db = aws_db_instance.text_false.identifier
  storage_encrypted   = true
}
resource "aws_db_instance" "restored_and_on" { # UNKNOWN
  storage_encrypted = true
  restore_to_point_in_time {
    source_db_instance_identifier = "other"
  }
}
resource "aws_rds_cluster" "from_snapshot_and_on" { # UNKNOWN
  engine              = "aurora-mysql"
  snapshot_identifier = "snap"
  storage_encrypted   = true
}
resource "aws_rds_cluster" "from_snapshot_with_a_key" { # PASSED
  engine              = "aurora-mysql"
  snapshot_identifier = "snap"
  storage_encrypted   = true
  kms_key_id          = "arn:aws:kms:eu-west-3:111122223333:key/1"
}
