resource "aws_redshift_cluster" "sales" { # FAILED
  cluster_identifier = "sales"
  node_type          = "ra3.large"
}

resource "aws_redshift_snapshot_copy" "abroad" { # FAILED
  cluster_identifier = aws_redshift_cluster.sales.id
  destination_region = "us-east-1"
}

resource "aws_redshift_cluster" "older" { # FAILED
  cluster_identifier = "older"
  node_type          = "ra3.large"

  snapshot_copy {
    destination_region = "us-east-1"
  }
}
