provider "aws" {
  region = "eu-west-3"
}

resource "aws_db_snapshot_copy" "second_site" {
  source_db_snapshot_identifier = "arn:aws:rds:eu-west-3:111122223333:snapshot:orders"
  target_db_snapshot_identifier = "orders-copy"
  destination_region            = "eu-west-1"
}

resource "aws_db_snapshot_copy" "same_region" {
  source_db_snapshot_identifier = "arn:aws:rds:eu-west-3:111122223333:snapshot:orders"
  target_db_snapshot_identifier = "orders-copy"
}

resource "aws_efs_replication_configuration" "second_site" {
  source_file_system_id = "fs-12345678"

  destination {
    region = "eu-west-1"
  }
}

resource "aws_imagebuilder_distribution_configuration" "second_site" {
  name = "images"

  distribution {
    region = "eu-west-1"
  }
}
