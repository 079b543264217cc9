resource "aws_redshift_cluster" "one_day" { # FAILED
  cluster_identifier = "one-day"
  node_type          = "ra3.large"
}

resource "aws_redshift_logging" "one_day" {
  cluster_identifier   = aws_redshift_cluster.one_day.id
  log_destination_type = "cloudwatch"
  log_exports          = ["connectionlog"]
}

resource "aws_redshift_cluster" "silent" { # FAILED
  cluster_identifier                  = "silent"
  node_type                           = "ra3.large"
  automated_snapshot_retention_period = 14
}

resource "aws_redshift_snapshot_copy" "abroad" { # FAILED
  cluster_identifier = aws_redshift_cluster.silent.id
  destination_region = "us-east-1"
}
