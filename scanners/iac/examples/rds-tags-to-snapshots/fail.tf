resource "aws_db_instance" "crm" { # FAILED
  identifier = "crm"
}


resource "aws_rds_cluster" "crm" { # FAILED
  cluster_identifier = "crm"
}


resource "aws_neptune_cluster" "crm" { # FAILED
  cluster_identifier = "crm"
}
