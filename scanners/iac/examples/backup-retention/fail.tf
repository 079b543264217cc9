resource "aws_backup_plan" "long" { # FAILED
  name = "long"

  rule {
    rule_name         = "daily"
    target_vault_name = "main"

    lifecycle {
      delete_after = 35
    }
  }
  rule {
    rule_name         = "yearly"
    target_vault_name = "main"

    lifecycle {
      delete_after = 3650
    }
  }
}

resource "aws_backup_plan" "one_without_end" { # FAILED
  name = "one-without-end"

  rule {
    rule_name         = "daily"
    target_vault_name = "main"

    lifecycle {
      delete_after = 35
    }
  }
  rule {
    rule_name         = "archive"
    target_vault_name = "main"
  }
}

resource "aws_backup_plan" "endless_copy" { # FAILED
  name = "endless-copy"

  rule {
    rule_name         = "daily"
    target_vault_name = "main"

    lifecycle {
      delete_after = 35
    }
    copy_action {
      destination_vault_arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:second"
    }
  }
}
