resource "aws_redshift_cluster" "not_copied" { # PASSED
  cluster_identifier = "here"
}
resource "aws_redshift_snapshot_copy" "region_not_known" { # UNKNOWN
  cluster_identifier = "elsewhere"
  destination_region = var.region
}
variable "region" {
  type = string
}
resource "aws_redshift_snapshot_copy" "other_case" { # FAILED
  cluster_identifier = "elsewhere"
  destination_region = "US-EAST-1"
}
