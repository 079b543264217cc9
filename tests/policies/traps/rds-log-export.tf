resource "aws_db_instance" "nothing" { # FAILED
  engine = "postgres"
}
resource "aws_db_instance" "empty" { # FAILED
  engine                          = "postgres"
  enabled_cloudwatch_logs_exports = []
}
resource "aws_db_instance" "another_log" { # FAILED
  engine                          = "postgres"
  enabled_cloudwatch_logs_exports = ["upgrade"]
}
resource "aws_db_instance" "right" { # PASSED
  engine                          = "postgres"
  enabled_cloudwatch_logs_exports = ["upgrade", "postgresql"]
}
resource "aws_db_instance" "slow_queries_only" { # FAILED
  engine                          = "mysql"
  enabled_cloudwatch_logs_exports = ["slowquery"]
}
resource "aws_db_instance" "oracle" { # PASSED
  engine                          = "oracle-ee"
  enabled_cloudwatch_logs_exports = ["alert", "audit"]
}
resource "aws_db_instance" "oracle_without_its_audit" { # FAILED
  engine                          = "oracle-ee"
  enabled_cloudwatch_logs_exports = ["alert"]
}
resource "aws_db_instance" "every_query" { # PASSED
  engine                          = "mariadb"
  enabled_cloudwatch_logs_exports = ["general"]
}
variable "engine" {}
resource "aws_db_instance" "engine_not_known" { # UNKNOWN
  engine                          = var.engine
  enabled_cloudwatch_logs_exports = ["error"]
}
resource "aws_db_instance" "nothing_whatever_the_engine" { # FAILED
  engine = var.engine
}
resource "aws_rds_cluster" "nothing" { # FAILED
  engine = "aurora-mysql"
}
resource "aws_rds_cluster" "right" { # PASSED
  engine                          = "aurora-mysql"
  enabled_cloudwatch_logs_exports = ["audit", "error"]
}

resource "aws_docdb_cluster" "profiled" { # FAILED
  enabled_cloudwatch_logs_exports = ["profiler"]
}

resource "aws_docdb_cluster" "group_elsewhere" { # UNKNOWN
  db_cluster_parameter_group_name = "company"
  enabled_cloudwatch_logs_exports = ["audit"]
}

resource "aws_docdb_cluster" "word_not_known" { # FAILED
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.word_not_known.id
  enabled_cloudwatch_logs_exports = ["audit"]
}

resource "aws_docdb_cluster_parameter_group" "word_not_known" {
  family = "docdb5.0"
  parameter {
    name  = "audit_logs"
    value = "ddl,none"
  }
}

resource "aws_neptune_cluster" "audit_of_no_group" { # FAILED
  enable_cloudwatch_logs_exports = ["audit"]
}

resource "aws_neptune_cluster" "audited" { # PASSED
  neptune_cluster_parameter_group_name = aws_neptune_cluster_parameter_group.audited.name
  enable_cloudwatch_logs_exports       = ["audit"]
}

resource "aws_neptune_cluster_parameter_group" "audited" {
  family = "neptune1.3"
  parameter {
    name  = "neptune_query_timeout"
    value = "0"
  }
  parameter {
    name  = "neptune_enable_audit_log"
    value = 1
  }
}

# RDS Custom exports no logs.
resource "aws_db_instance" "custom" { # NOTHING
  engine                      = "custom-oracle-ee"
  custom_iam_instance_profile = "AWSRDSCustomInstanceProfile"
}
