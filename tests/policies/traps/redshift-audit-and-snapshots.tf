resource "aws_redshift_cluster" "off" { # FAILED
  automated_snapshot_retention_period = 0
}
resource "aws_redshift_cluster" "by_name" { # PASSED
  cluster_identifier                  = "by-name"
  automated_snapshot_retention_period = 14
}
resource "aws_redshift_logging" "by_name" {
  cluster_identifier   = "by-name"
  log_destination_type = "cloudwatch"
}
resource "aws_redshift_cluster" "as_it_was_written" { # PASSED
  automated_snapshot_retention_period = 14
  logging {
    enable      = !false
    bucket_name = "logs"
  }
}
resource "aws_redshift_cluster" "off_as_it_was_written" { # FAILED
  automated_snapshot_retention_period = 14
  logging {
    enable = !true
  }
}
resource "aws_redshift_cluster" "perhaps_logged" { # UNKNOWN
  cluster_identifier                  = "perhaps"
  automated_snapshot_retention_period = 14
}
variable "loud" {
  type = bool
}
resource "aws_redshift_logging" "perhaps" {
  count              = var.loud ? 1 : 0
  cluster_identifier = aws_redshift_cluster.perhaps_logged.id
}
resource "aws_redshift_cluster" "days_not_known" { # UNKNOWN
  cluster_identifier                  = "days"
  automated_snapshot_retention_period = var.days
}
variable "days" {
  type = number
}
resource "aws_redshift_logging" "days" {
  cluster_identifier = aws_redshift_cluster.days_not_known.id
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
