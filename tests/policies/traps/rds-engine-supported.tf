resource "aws_db_instance" "not_said" { # UNKNOWN
  engine = "postgres"
}
resource "aws_db_instance" "old_with_two_digits" { # FAILED
  engine         = "postgres"
  engine_version = "9.6.24"
}
resource "aws_db_instance" "longer_number" { # UNKNOWN
  engine         = "postgres"
  engine_version = "170"
}
resource "aws_db_instance" "ends_soon" { # UNKNOWN
  engine         = "mariadb"
  engine_version = "10.6"
}
resource "aws_db_instance" "ten_eleven" { # PASSED
  engine         = "mariadb"
  engine_version = "10.11.9"
}
resource "aws_db_instance" "commercial" { # UNKNOWN
  engine         = "oracle-se2"
  engine_version = "19"
}
variable "version" {
  type = string
}
resource "aws_db_instance" "variable" { # UNKNOWN
  engine         = "mysql"
  engine_version = var.version
}
resource "aws_rds_cluster" "same_number_of_another_engine" { # PASSED
  engine         = "aurora-mysql"
  engine_version = "8.0.mysql_aurora.3.04.0"
}
resource "aws_rds_cluster" "three_zones" { # FAILED
  engine         = "mysql"
  engine_version = "8.0.35"
}
