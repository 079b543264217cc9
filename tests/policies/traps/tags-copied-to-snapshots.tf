resource "aws_db_instance" "null" { # FAILED
  copy_tags_to_snapshot = null
}
variable "copy" {
  type = bool
}
resource "aws_rds_cluster" "variable" { # UNKNOWN
  copy_tags_to_snapshot = var.copy
}
resource "aws_rds_cluster_instance" "of_the_cluster" { # NOTHING
  engine = "aurora-mysql"
}
