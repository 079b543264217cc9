resource "aws_redshift_cluster" "sales" {
  cluster_identifier = "sales"
  node_type          = "ra3.large"
}

resource "aws_redshift_snapshot_copy" "sales" {
  cluster_identifier = aws_redshift_cluster.sales.id
  destination_region = "eu-central-1"
}

resource "aws_redshift_cluster" "older" {
  cluster_identifier = "older"
  node_type          = "ra3.large"

  snapshot_copy {
    destination_region = "eu-central-1"
  }
}

resource "aws_redshift_cluster" "alone" {
  cluster_identifier = "alone"
  node_type          = "ra3.large"
}
