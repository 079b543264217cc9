resource "aws_db_instance" "known_name" { # FAILED
  identifier                          = "known"
  instance_class                      = "db.t3.small"
  engine                              = "mysql"
  username                            = "admin"
  iam_database_authentication_enabled = true
}

resource "aws_db_instance" "passwords_only" { # FAILED
  identifier     = "passwords"
  instance_class = "db.t3.small"
  engine         = "mariadb"
  username       = "crm_owner"
}

resource "aws_rds_cluster" "known_name" { # FAILED
  cluster_identifier                  = "known"
  engine                              = "aurora-postgresql"
  master_username                     = "postgres"
  iam_database_authentication_enabled = true
}

resource "aws_db_instance" "oracle" {
  identifier     = "oracle"
  instance_class = "db.t3.small"
  engine         = "oracle-se2"
  username       = "admin"
}

resource "aws_neptune_cluster" "open" { # FAILED
  cluster_identifier = "graph"
}

resource "aws_db_instance" "capitals" { # FAILED
  identifier     = "capitals"
  instance_class = "db.t3.small"
  engine         = "MySQL"
  username       = "crm_owner"
}
