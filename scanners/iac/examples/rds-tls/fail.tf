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
