resource "aws_redshift_cluster" "nothing" { # UNKNOWN
  node_type = "ra3.large"
}
resource "aws_redshift_cluster" "null" { # UNKNOWN
  publicly_accessible          = null
  cluster_parameter_group_name = "default.redshift-2.0"
}
resource "aws_redshift_cluster" "group_of_somebody" { # UNKNOWN
  publicly_accessible          = false
  cluster_parameter_group_name = "tls"
}
resource "aws_redshift_cluster" "public_whatever_the_group" { # FAILED
  publicly_accessible          = true
  cluster_parameter_group_name = var.group
}
variable "group" {
  type = string
}
resource "aws_redshift_cluster" "group_not_known" { # UNKNOWN
  publicly_accessible          = false
  cluster_parameter_group_name = var.group
}
resource "aws_redshift_parameter_group" "twice" {
  name   = "twice"
  family = "redshift-1.0"
  parameter {
    name  = "require_ssl"
    value = "true"
  }
  parameter {
    name  = "require_SSL"
    value = "false"
  }
}
resource "aws_redshift_cluster" "twice" { # FAILED
  publicly_accessible          = false
  cluster_parameter_group_name = aws_redshift_parameter_group.twice.name
}
resource "aws_redshift_parameter_group" "other" {
  name   = "other"
  family = "redshift-1.0"
  parameter {
    name  = "use_fips_ssl"
    value = "true"
  }
}
resource "aws_redshift_cluster" "other_parameter" { # FAILED
  publicly_accessible          = false
  cluster_parameter_group_name = aws_redshift_parameter_group.other.id
}
resource "aws_redshift_parameter_group" "other_new" {
  name   = "other-new"
  family = "redshift-2.0"
  parameter {
    name  = "use_fips_ssl"
    value = "true"
  }
}
resource "aws_redshift_cluster" "other_parameter_of_the_new_family" { # UNKNOWN
  publicly_accessible          = false
  cluster_parameter_group_name = aws_redshift_parameter_group.other_new.name
}
resource "aws_redshift_parameter_group" "empty_new" {
  name   = "empty"
  family = "redshift-2.0"
}
resource "aws_redshift_cluster" "defaults_of_the_family" { # UNKNOWN
  publicly_accessible          = false
  cluster_parameter_group_name = aws_redshift_parameter_group.empty_new.name
}
resource "aws_redshift_parameter_group" "loop" {
  name   = "loop"
  family = "redshift-1.0"
  dynamic "parameter" {
    for_each = var.parameters
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}
variable "parameters" {
  type = map(string)
}
resource "aws_redshift_cluster" "loop" { # UNKNOWN
  publicly_accessible          = false
  cluster_parameter_group_name = aws_redshift_parameter_group.loop.name
}
resource "aws_redshiftserverless_workgroup" "nothing" { # UNKNOWN
  workgroup_name = "nothing"
}
resource "aws_redshiftserverless_workgroup" "in_clear" { # FAILED
  workgroup_name = "clear"
  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "false"
  }
}
