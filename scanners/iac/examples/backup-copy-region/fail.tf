provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
}

resource "aws_backup_vault" "main" {
  name = "main"
}

resource "aws_backup_vault" "second" {
  provider = aws.virginia
  name     = "second"
}

resource "aws_backup_plan" "daily" { # FAILED
  name = "daily"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.main.name

    copy_action {
      destination_vault_arn = aws_backup_vault.second.arn
    }
  }
}
