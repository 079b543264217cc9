resource "aws_db_instance" "follows" {
  identifier                 = "follows"
  engine                     = "postgres"
  instance_class             = "db.t3.small"
  auto_minor_version_upgrade = true
}
