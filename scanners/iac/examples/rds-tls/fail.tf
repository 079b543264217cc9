resource "aws_db_instance" "plain" { # FAILED
  identifier           = "plain"
  engine               = "postgres"
  instance_class       = "db.t3.small"
  parameter_group_name = aws_db_parameter_group.plain.name
}

resource "aws_db_parameter_group" "plain" {
  name   = "plain"
  family = "postgres16"

  parameter {
    name  = "rds.force_ssl"
    value = "0"
  }
}

resource "aws_db_instance" "capitals" { # FAILED
  identifier           = "capitals"
  engine               = "Postgres"
  instance_class       = "db.t3.small"
  parameter_group_name = aws_db_parameter_group.plain.name
}

resource "aws_rds_cluster" "babelfish" { # FAILED
  cluster_identifier              = "babelfish"
  engine                          = "aurora-postgresql"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.babelfish.name
}

resource "aws_rds_cluster_parameter_group" "babelfish" {
  name   = "babelfish"
  family = "aurora-postgresql16"

  parameter {
    name         = "rds.force_ssl"
    value        = "1"
    apply_method = "pending-reboot"
  }

  parameter {
    name         = "rds.babelfish_status"
    value        = "on"
    apply_method = "pending-reboot"
  }
}

resource "aws_rds_cluster" "babelfish_said" { # FAILED
  cluster_identifier              = "babelfish_said"
  engine                          = "aurora-postgresql"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.babelfish_said.name
}

resource "aws_rds_cluster_parameter_group" "babelfish_said" {
  name   = "babelfish_said"
  family = "aurora-postgresql15"

  parameter {
    name         = "rds.force_ssl"
    value        = "1"
    apply_method = "pending-reboot"
  }

  parameter {
    name         = "rds.babelfish_status"
    value        = "ON"
    apply_method = "pending-reboot"
  }

  parameter {
    name         = "babelfishpg_tds.tds_ssl_encrypt"
    value        = "0"
    apply_method = "pending-reboot"
  }
}
