resource "aws_db_snapshot" "public" { # FAILED
  db_instance_identifier = "customers"
  db_snapshot_identifier = "public"
  shared_accounts        = ["all"]
}
