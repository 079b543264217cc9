resource "aws_db_instance" "text_zero" { # FAILED
  auto_minor_version_upgrade = "0"
}
resource "aws_db_instance" "text_false" { # FAILED
  auto_minor_version_upgrade = "false"
}
resource "aws_db_instance" "text_one" { # PASSED
  auto_minor_version_upgrade = "1"
}
resource "aws_db_instance" "null" { # PASSED
  auto_minor_version_upgrade = null
}
resource "aws_db_instance" "nothing" { # PASSED
  engine = "mysql"
}
resource "aws_rds_cluster_instance" "text_false" { # FAILED
  auto_minor_version_upgrade = "false"
}
resource "aws_db_instance" "custom" { # NOTHING
  engine                     = "custom-oracle-ee"
  auto_minor_version_upgrade = false
}
resource "aws_neptune_cluster_instance" "off" { # FAILED
  auto_minor_version_upgrade = false
}
