resource "aws_db_instance" "follows" {
  identifier                 = "follows"
  engine                     = "postgres"
  instance_class             = "db.t3.small"
  auto_minor_version_upgrade = true
}

resource "aws_db_instance" "null" {
  identifier                 = "null"
  engine                     = "postgres"
  instance_class             = "db.t3.small"
  auto_minor_version_upgrade = null
}
