resource "aws_redshift_cluster" "public" { # FAILED
  cluster_identifier           = "public"
  node_type                    = "ra3.large"
  publicly_accessible          = true
  cluster_parameter_group_name = "default.redshift-2.0"
}

resource "aws_redshift_cluster" "old_default" { # FAILED
  cluster_identifier           = "old"
  node_type                    = "ra3.large"
  publicly_accessible          = false
  cluster_parameter_group_name = "default.redshift-1.0"
}

resource "aws_redshift_parameter_group" "clear" {
  name   = "clear"
  family = "redshift-1.0"
  parameter {
    name  = "require_ssl"
    value = "false"
  }
}

resource "aws_redshift_cluster" "in_clear" { # FAILED
  cluster_identifier           = "clear"
  node_type                    = "ra3.large"
  publicly_accessible          = false
  cluster_parameter_group_name = aws_redshift_parameter_group.clear.name
}

resource "aws_redshiftserverless_workgroup" "public" { # FAILED
  namespace_name      = "public"
  workgroup_name      = "public"
  publicly_accessible = true
}
