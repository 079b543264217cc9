resource "aws_db_instance" "crm" {
  identifier = "crm"
  copy_tags_to_snapshot = true
}


resource "aws_rds_cluster" "crm" {
  cluster_identifier = "crm"
  copy_tags_to_snapshot = true
}


resource "aws_neptune_cluster" "crm" {
  cluster_identifier = "crm"
  copy_tags_to_snapshot = true
}
