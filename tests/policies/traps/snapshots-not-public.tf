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
resource "aws_ssm_document" "everybody" { # FAILED
  permissions = { type = "Share", account_ids = "All" }
}
resource "aws_ssm_document" "one_of_two" { # FAILED
  permissions = { type = "Share", account_ids = "111122223333,all" }
}
resource "aws_ssm_document" "partner" { # PASSED
  permissions = { type = "Share", account_ids = "111122223333, 444455556666" }
}
resource "aws_ssm_document" "not_shared" { # NOTHING
  document_type = "Command"
}
resource "aws_ssm_document" "not_known" { # UNKNOWN
  permissions = { type = "Share", account_ids = join(",", var.accounts) }
}
resource "aws_imagebuilder_distribution_configuration" "everybody" { # FAILED
  distribution {
    region = "eu-west-3"
    ami_distribution_configuration {
      launch_permission {
        user_ids = ["111122223333"]
      }
    }
  }
  distribution {
    region = "eu-west-1"
    ami_distribution_configuration {
      launch_permission {
        user_groups = ["all"]
      }
    }
  }
}
