resource "aws_backup_plan" "daily" {
  name = "daily"

  rule {
    rule_name         = "daily"
    target_vault_name = "main"
    schedule          = "cron(0 3 * * ? *)"

    lifecycle {
      delete_after = 35
    }
    copy_action {
      destination_vault_arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:second"
      lifecycle {
        delete_after = 90
      }
    }
  }
  rule {
    rule_name         = "monthly"
    target_vault_name = "main"
    schedule          = "cron(0 4 1 * ? *)"

    lifecycle {
      delete_after = 365
    }
  }
}
