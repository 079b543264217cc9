resource "aws_db_instance" "encrypted" {
  identifier           = "encrypted"
  engine               = "postgres"
  instance_class       = "db.t3.small"
  parameter_group_name = aws_db_parameter_group.encrypted.name
}

resource "aws_db_parameter_group" "encrypted" {
  name   = "encrypted"
  family = "postgres16"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_rds_cluster" "babelfish" {
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

  parameter {
    name         = "babelfishpg_tds.tds_ssl_encrypt"
    value        = "1"
    apply_method = "pending-reboot"
  }
}

resource "aws_rds_cluster" "types_alone" {
  cluster_identifier              = "types_alone"
  engine                          = "aurora-postgresql"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.types_alone.name
}

resource "aws_rds_cluster_parameter_group" "types_alone" {
  name   = "types_alone"
  family = "aurora-postgresql16"

  parameter {
    name         = "rds.force_ssl"
    value        = "1"
    apply_method = "pending-reboot"
  }

  parameter {
    name         = "rds.babelfish_status"
    value        = "datatypesonly"
    apply_method = "pending-reboot"
  }
}

resource "aws_rds_cluster" "later" {
  cluster_identifier              = "later"
  engine                          = "aurora-postgresql"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.later.name
}

resource "aws_rds_cluster_parameter_group" "later" {
  name   = "later"
  family = "aurora-postgresql17"

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

  parameter {
    name         = "babelfishpg_tds.tds_ssl_encrypt"
    value        = "on"
    apply_method = "pending-reboot"
  }
}
