resource "aws_db_instance" "zero" { # FAILED
  backup_retention_period = 0
}
resource "aws_db_instance" "text_zero" { # FAILED
  backup_retention_period = "0"
}
resource "aws_db_instance" "one_day_as_text" { # FAILED
  backup_retention_period = "1"
}
resource "aws_db_instance" "a_month_as_text" { # PASSED
  backup_retention_period = "30"
}
resource "aws_db_instance" "nothing" { # FAILED
  engine = "mysql"
}
resource "aws_db_instance" "null" { # FAILED
  backup_retention_period = null
}
resource "aws_db_instance" "replica" { # NOTHING
  replicate_source_db = "other"
}
resource "aws_db_instance" "restored" { # UNKNOWN
  snapshot_identifier = "snap"
}
resource "aws_rds_cluster" "nothing" { # FAILED
  engine = "aurora-mysql"
}
resource "aws_rds_cluster" "three_days" { # FAILED
  backup_retention_period = "3"
}
variable "days" {
  type = number
}
resource "aws_db_instance" "variable" { # UNKNOWN
  backup_retention_period = var.days
}

resource "aws_docdb_cluster" "says_nothing" { # FAILED
  cluster_identifier = "graph"
}

resource "aws_docdb_cluster" "kept" { # PASSED
  backup_retention_period = 14
}

resource "aws_neptune_cluster" "says_nothing" { # FAILED
  cluster_identifier = "graph"
}

resource "aws_neptune_cluster" "kept" { # PASSED
  backup_retention_period = 14
}
