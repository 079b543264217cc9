resource "aws_redshift_cluster" "off" { # FAILED
  automated_snapshot_retention_period = 0
}
resource "aws_redshift_cluster" "kept" { # PASSED
  automated_snapshot_retention_period = 14
}
resource "aws_redshift_cluster" "days_not_known" { # UNKNOWN
  automated_snapshot_retention_period = var.days
}
variable "days" {
  type = number
}
