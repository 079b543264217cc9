resource "aws_db_instance" "stays_behind" { # FAILED
  identifier                 = "stays-behind"
  auto_minor_version_upgrade = false
}

resource "aws_rds_cluster_instance" "stays_behind" { # FAILED
  cluster_identifier         = "stays-behind"
  auto_minor_version_upgrade = false
}

resource "aws_db_instance" "capitals" { # FAILED
  identifier                 = "capitals"
  engine                     = "Oracle-EE"
  auto_minor_version_upgrade = false
}
