resource "aws_backup_plan" "zero" { # FAILED
  rule {
    rule_name = "x"
    lifecycle {
      delete_after = 0
    }
  }
}
resource "aws_backup_plan" "zero_as_text" { # FAILED
  rule {
    rule_name = "x"
    lifecycle {
      delete_after = "0"
    }
  }
}
resource "aws_backup_plan" "null" { # FAILED
  rule {
    rule_name = "x"
    lifecycle {
      delete_after = null
    }
  }
}
resource "aws_backup_plan" "no_lifecycle" { # FAILED
  rule {
    rule_name = "x"
  }
}
resource "aws_backup_plan" "second_rule" { # FAILED
  rule {
    rule_name = "x"
    lifecycle {
      delete_after = "35"
    }
  }
  rule {
    rule_name = "y"
    lifecycle {
      delete_after = "3650"
    }
  }
}
resource "aws_backup_plan" "copy_for_ever" { # FAILED
  rule {
    rule_name = "x"
    lifecycle {
      delete_after = 35
    }
    copy_action {
      destination_vault_arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:x"
    }
  }
}
resource "aws_backup_plan" "right" { # PASSED
  rule {
    rule_name = "x"
    lifecycle {
      delete_after = "35"
    }
  }
}
