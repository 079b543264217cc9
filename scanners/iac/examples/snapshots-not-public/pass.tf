resource "aws_db_snapshot" "private" {
  db_instance_identifier = "customers"
  db_snapshot_identifier = "private"
}
