resource "aws_db_instance" "follows" {
  identifier                 = "follows"
  auto_minor_version_upgrade = true
}

resource "aws_db_instance" "by_default" {
  identifier = "by-default"
}

resource "aws_db_instance" "null" {
  identifier                 = "null"
  auto_minor_version_upgrade = null
}

resource "aws_rds_cluster_instance" "by_default" {
  cluster_identifier = "by-default"
}

resource "aws_db_instance" "capitals" {
  identifier                 = "capitals"
  engine                     = "Custom-Oracle-EE"
  auto_minor_version_upgrade = false
}
