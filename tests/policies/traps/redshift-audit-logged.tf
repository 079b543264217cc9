resource "aws_redshift_cluster" "off" { # FAILED
}
resource "aws_redshift_cluster" "by_name" { # PASSED
  cluster_identifier = "by-name"
}
resource "aws_redshift_logging" "by_name" {
  cluster_identifier   = "by-name"
  log_destination_type = "cloudwatch"
  log_exports          = ["useractivitylog", "connectionlog"]
}
resource "aws_redshift_cluster" "as_it_was_written" { # PASSED
  logging {
    enable      = !false
    bucket_name = "logs"
  }
}
resource "aws_redshift_cluster" "off_as_it_was_written" { # FAILED
  logging {
    enable = !true
  }
}
resource "aws_redshift_cluster" "perhaps_logged" { # UNKNOWN
  cluster_identifier = "perhaps"
}
variable "loud" {
  type = bool
}
resource "aws_redshift_logging" "perhaps" {
  count              = var.loud ? 1 : 0
  cluster_identifier = aws_redshift_cluster.perhaps_logged.id
}
resource "aws_redshift_cluster" "without_connections" { # FAILED
  cluster_identifier = "without-connections"
}
resource "aws_redshift_logging" "without_connections" {
  cluster_identifier   = aws_redshift_cluster.without_connections.id
  log_destination_type = "cloudwatch"
  log_exports          = ["userlog", "useractivitylog"]
}
resource "aws_redshift_cluster" "to_a_bucket" { # PASSED
  cluster_identifier = "to-a-bucket"
}
resource "aws_redshift_logging" "to_a_bucket" {
  cluster_identifier   = aws_redshift_cluster.to_a_bucket.id
  log_destination_type = "s3"
  bucket_name          = "logs"
}
