variable "name" {
  type = string
}
resource "aws_db_instance" "other_case" { # FAILED
  engine                              = "mysql"
  username                            = "Admin"
  iam_database_authentication_enabled = true
}
resource "aws_db_instance" "longer_name" { # PASSED
  engine                              = "mysql"
  username                            = "admin2026"
  iam_database_authentication_enabled = true
}
resource "aws_db_instance" "variable" { # UNKNOWN
  engine                              = "mysql"
  username                            = var.name
  iam_database_authentication_enabled = true
}
resource "aws_db_instance" "off_whatever_the_name" { # FAILED
  engine                              = "mysql"
  username                            = var.name
  iam_database_authentication_enabled = null
}
resource "aws_db_instance" "replica" { # UNKNOWN
  replicate_source_db                 = "crm"
  iam_database_authentication_enabled = true
}
resource "aws_db_instance" "oracle" { # NOTHING
  engine   = "oracle-ee"
  username = "admin"
}
resource "aws_db_instance" "engine_not_known" { # UNKNOWN
  engine   = var.name
  username = "admin"
}
resource "aws_rds_cluster" "of_several_zones" { # FAILED
  engine          = "postgres"
  master_username = "postgres"
}
