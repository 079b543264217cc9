resource "aws_redshift_parameter_group" "tls" {
  name   = "tls"
  family = "redshift-1.0"
  parameter {
    name  = "require_ssl"
    value = "true"
  }
}

resource "aws_redshift_cluster" "sales" {
  cluster_identifier           = "sales"
  node_type                    = "ra3.large"
  publicly_accessible          = false
  cluster_parameter_group_name = aws_redshift_parameter_group.tls.name
}

resource "aws_redshift_cluster" "newest_default" {
  cluster_identifier           = "newest"
  node_type                    = "ra3.large"
  publicly_accessible          = false
  cluster_parameter_group_name = "default.redshift-2.0"
}

resource "aws_redshiftserverless_workgroup" "reports" {
  namespace_name = "reports"
  workgroup_name = "reports"
  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "true"
  }
}
