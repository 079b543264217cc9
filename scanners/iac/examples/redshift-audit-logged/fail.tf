resource "aws_redshift_cluster" "silent" { # FAILED
  cluster_identifier = "silent"
  node_type          = "ra3.large"
}
