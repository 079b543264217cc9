resource "aws_redshift_cluster" "open" { # FAILED
  cluster_identifier = "open"
  node_type          = "ra3.large"
  encrypted          = false
}

resource "aws_redshift_cluster" "encrypted" {
  cluster_identifier = "encrypted"
  node_type          = "ra3.large"
  encrypted          = true
}
