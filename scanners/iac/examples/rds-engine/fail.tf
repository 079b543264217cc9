resource "aws_db_instance" "crm" { # FAILED
  identifier     = "crm"
  instance_class = "db.t3.small"
  engine         = "postgres"
  engine_version = "12.19"
}

resource "aws_db_instance" "wiki" { # FAILED
  identifier     = "wiki"
  instance_class = "db.t3.small"
  engine         = "mysql"
  engine_version = "5.7"
}

resource "aws_rds_cluster" "shop" { # FAILED
  cluster_identifier = "shop"
  engine             = "aurora-mysql"
  engine_version     = "5.7.mysql_aurora.2.11.2"
}

resource "aws_db_instance" "capitals" { # FAILED
  engine         = "MySQL"
  engine_version = "5.7"
}
