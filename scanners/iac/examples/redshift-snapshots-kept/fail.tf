resource "aws_redshift_cluster" "one_day" { # FAILED
  cluster_identifier = "one-day"
  node_type          = "ra3.large"
}

resource "aws_redshift_cluster" "six" { # FAILED
  cluster_identifier                  = "six"
  node_type                           = "ra3.large"
  automated_snapshot_retention_period = 6
}
