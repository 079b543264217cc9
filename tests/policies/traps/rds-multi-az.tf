resource "aws_db_instance" "text_one" { # PASSED
  multi_az = "1"
}
resource "aws_db_instance" "text_zero" { # FAILED
  multi_az = "0"
}
resource "aws_db_instance" "nothing" { # FAILED
  engine = "mysql"
}
resource "aws_db_instance" "null" { # FAILED
  multi_az = null
}
variable "both" {
  type = bool
}
resource "aws_db_instance" "variable" { # UNKNOWN
  multi_az = var.both
}
resource "aws_docdb_cluster" "members_elsewhere" { # UNKNOWN
  cluster_identifier = "members-elsewhere"
}
resource "aws_docdb_cluster" "one_zone" { # FAILED
  cluster_identifier = "one-zone"
}
resource "aws_docdb_cluster_instance" "one_zone" {
  cluster_identifier = aws_docdb_cluster.one_zone.id
  availability_zone  = "eu-west-3a"
}
resource "aws_neptune_cluster" "two_zones" { # PASSED
  cluster_identifier = "two-zones"
}
resource "aws_neptune_cluster_instance" "first" {
  cluster_identifier = aws_neptune_cluster.two_zones.id
  availability_zone  = "eu-west-3a"
}
resource "aws_neptune_cluster_instance" "second" {
  cluster_identifier = aws_neptune_cluster.two_zones.id
  availability_zone  = "eu-west-3b"
}
