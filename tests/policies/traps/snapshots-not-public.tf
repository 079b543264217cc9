resource "aws_db_snapshot" "everybody" { # FAILED
  shared_accounts = ["all"]
}
resource "aws_db_snapshot" "one_of_two" { # FAILED
  shared_accounts = ["111122223333", "all"]
}
resource "aws_db_snapshot" "from_a_set" { # FAILED
  shared_accounts = toset(["all"])
}
resource "aws_db_snapshot" "partner" { # PASSED
  shared_accounts = ["111122223333"]
}
resource "aws_db_snapshot" "nothing" { # PASSED
  db_instance_identifier = "x"
}
resource "aws_db_cluster_snapshot" "everybody" { # FAILED
  shared_accounts = ["all"]
}
resource "aws_db_snapshot_copy" "everybody" { # FAILED
  shared_accounts = ["all"]
}
variable "accounts" {
  type = list(string)
}
resource "aws_db_snapshot" "not_known" { # UNKNOWN
  shared_accounts = var.accounts
}
resource "aws_ami_launch_permission" "everybody" { # FAILED
  image_id = "ami-1"
  group    = "all"
}
