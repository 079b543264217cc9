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
