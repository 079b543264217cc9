resource "aws_db_cluster_snapshot" "encrypted" {
  db_cluster_identifier          = "customers"
  db_cluster_snapshot_identifier = "before-migration"
  storage_encrypted              = true
}

resource "aws_ebs_snapshot_copy" "encrypted" {
  source_snapshot_id = "snap-00000000"
  source_region      = "eu-west-3"
  encrypted          = true
  kms_key_id         = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-4000-8000-000000000000"
}

resource "aws_ami_copy" "encrypted" {
  name              = "encrypted"
  source_ami_id     = "ami-00000000"
  source_ami_region = "eu-west-3"
  encrypted         = true
}
