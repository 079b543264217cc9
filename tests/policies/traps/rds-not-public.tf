resource "aws_db_instance" "text_one" { # FAILED
  publicly_accessible = "1"
}
resource "aws_db_instance" "text_true" { # FAILED
  publicly_accessible = "true"
}
resource "aws_db_instance" "text_zero" { # PASSED
  publicly_accessible = "0"
}
resource "aws_db_instance" "null" { # PASSED
  publicly_accessible = null
}
resource "aws_db_instance" "nothing" { # PASSED
  engine = "postgres"
}
resource "aws_db_instance" "other_case" { # UNKNOWN
  publicly_accessible = "True"
}
resource "aws_db_instance" "replica" { # UNKNOWN
  replicate_source_db = "other"
}
resource "aws_db_instance" "private_replica" { # PASSED
  replicate_source_db = "other"
  publicly_accessible = false
}
variable "open" {
  type = bool
}
resource "aws_db_instance" "variable" { # UNKNOWN
  publicly_accessible = var.open
}
resource "aws_db_instance" "in_a_condition" { # FAILED
  publicly_accessible = 1 == 1 ? "true" : "false"
}
resource "aws_rds_cluster_instance" "text_one" { # FAILED
  publicly_accessible = "1"
}
resource "aws_rds_cluster_instance" "nothing" { # PASSED
  engine = "aurora-mysql"
}
resource "aws_neptune_cluster_instance" "open" { # FAILED
  publicly_accessible = true
}
resource "aws_rds_cluster" "no_switch" { # NOTHING
  engine = "aurora-mysql"
}

resource "aws_dms_replication_instance" "public" { # FAILED
  publicly_accessible = true
}

resource "aws_dms_replication_instance" "says_nothing" { # PASSED
  replication_instance_id = "move"
}

resource "aws_lightsail_database" "public" { # FAILED
  publicly_accessible = true
}

resource "aws_lightsail_database" "says_nothing" { # UNKNOWN
  relational_database_name = "shop"
}

resource "aws_timestreaminfluxdb_db_instance" "public" { # FAILED
  publicly_accessible = true
}
