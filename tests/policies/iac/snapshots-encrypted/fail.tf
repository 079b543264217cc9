resource "aws_db_cluster_snapshot" "plain" { # FAILED
  db_cluster_identifier          = "customers"
  db_cluster_snapshot_identifier = "before-migration"
}

resource "aws_ebs_snapshot_copy" "plain" { # FAILED
  source_snapshot_id = "snap-00000000"
  source_region      = "eu-west-3"
}

resource "aws_ami_copy" "plain" { # FAILED
  name              = "plain"
  source_ami_id     = "ami-00000000"
  source_ami_region = "eu-west-3"
}
