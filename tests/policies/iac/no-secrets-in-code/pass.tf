provider "aws" {
  region = "eu-west-3"
}

variable "access_key" {}

variable "secret_key" {}

provider "aws" {
  alias      = "given"
  access_key = var.access_key
  secret_key = var.secret_key
}

resource "aws_db_instance" "made_by_terraform" {
  identifier = "made-by-terraform"
  username   = "app"
  password   = random_password.database.result
}

resource "aws_db_instance" "asked_for" {
  identifier = "asked-for"
  username   = "app"
  password   = var.password
}

variable "password" {
  type      = string
  sensitive = true
}

resource "random_password" "database" {
  length = 24
}

resource "aws_db_instance" "kept_by_aws" {
  identifier                  = "kept-by-aws"
  username                    = "app"
  manage_master_user_password = true
}

resource "aws_secretsmanager_secret_version" "made_by_terraform" {
  secret_id     = "shop"
  secret_string = jsonencode({ username = "app", password = random_password.database.result, port = 5432 })
}

resource "aws_ssm_parameter" "set_by_hand" {
  name  = "/shop/database/password"
  type  = "SecureString"
  value = "changeme"

  lifecycle {
    ignore_changes = [value]
  }
}

resource "aws_ssm_parameter" "all_set_by_hand" {
  name  = "/shop/mail/password"
  type  = "SecureString"
  value = "changeme"

  lifecycle {
    ignore_changes = all
  }
}

resource "aws_rds_cluster" "set_by_hand" {
  master_username = "app"
  master_password = "changeme"

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [tags["Owner"], engine_version, master_password]
  }
}

resource "aws_opensearch_domain" "nested_and_set_by_hand" {
  domain_name = "shop"

  advanced_security_options {
    master_user_options {
      master_user_name     = "app"
      master_user_password = "changeme"
    }
  }

  lifecycle {
    ignore_changes = [advanced_security_options[0].master_user_options[0].master_user_password]
  }
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length = 14
}

resource "aws_secretsmanager_secret" "named" {
  name = "shop/database/password"
}

resource "aws_efs_file_system" "named_once" {
  creation_token = "shop-files"
}

resource "aws_ssm_parameter" "no_secret" {
  name           = "/shop/database/host"
  type           = "String"
  insecure_value = "db.example.com"
}

resource "aws_lb_listener_rule" "of_a_browser" {
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:listener/app/shop/0123456789abcdef/0123456789abcdef"

  condition {
    http_header {
      http_header_name = "User-Agent"
      values           = ["*Chrome/120*"]
    }
  }
}

resource "github_actions_secret" "encrypted" {
  repository      = "shop"
  secret_name     = "deploy"
  encrypted_value = "c2VhbGVkIGJveCBvZiBsaWJzb2RpdW0="
}

resource "tfe_variable" "no_secret" {
  key      = "environment"
  value    = "Sup3rS3cret2024zz"
  category = "terraform"
}

variable "environment" {
  type = string
}

locals {
  secret_of_each = {
    prod = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:prod-AbCdEf"
    dev  = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:dev-AbCdEf"
  }
}

resource "aws_ssm_parameter" "where_the_secret_is" {
  name  = "/shop/${var.environment}/database_password"
  type  = "String"
  value = local.secret_of_each[var.environment]
}
