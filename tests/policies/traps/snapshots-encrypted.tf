resource "aws_ami_copy" "text_one" { # PASSED
  encrypted = "1"
}
resource "aws_ami_copy" "text_zero" { # FAILED
  encrypted = "0"
}
resource "aws_ami_copy" "nothing" { # UNKNOWN
  source_ami_id = "ami-1"
}
resource "aws_ami_copy" "null" { # UNKNOWN
  encrypted = null
}
resource "aws_ebs_snapshot_copy" "off" { # FAILED
  encrypted = "false"
}
resource "aws_ebs_snapshot_copy" "nothing" { # UNKNOWN
  source_snapshot_id = "snap-1"
}
resource "aws_ebs_snapshot_copy" "on" { # PASSED
  encrypted = "true"
}
resource "aws_ebs_snapshot_import" "nothing" { # FAILED
  description = "x"
}
resource "aws_db_snapshot_copy" "nothing" { # UNKNOWN
  source_db_snapshot_identifier = "x"
}
