resource "aws_db_instance" "text_one" { # PASSED
  tags                = { Environment = "prod" }
  deletion_protection = "1"
}
resource "aws_db_instance" "text_false" { # FAILED
  tags                = { Environment = "prod" }
  deletion_protection = "false"
}
resource "aws_db_instance" "null" { # FAILED
  tags                = { Environment = "prod" }
  deletion_protection = null
}
resource "aws_db_instance" "nothing" { # FAILED
  tags = { Environment = "prod" }
}
resource "aws_rds_cluster" "nothing" { # FAILED
  tags = { Environment = "production" }
}
resource "aws_rds_cluster" "text_true" { # PASSED
  tags                = { Environment = "production" }
  deletion_protection = "true"
}

resource "aws_docdb_cluster" "says_nothing" { # FAILED
  cluster_identifier = "graph"
}

resource "aws_docdb_cluster" "kept" { # PASSED
  deletion_protection = true
}

resource "aws_neptune_cluster" "says_nothing" { # FAILED
  cluster_identifier = "graph"
}

resource "aws_neptune_cluster" "kept" { # PASSED
  deletion_protection = true
}
