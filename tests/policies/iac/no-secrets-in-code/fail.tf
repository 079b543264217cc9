provider "aws" { # FAILED
  region     = "eu-west-3"
  access_key = "AKIAZ7Q2M4X6B8V0C1N3"
  secret_key = "wJ8lrXUtnFEMI/K7MDENG/bPxRfiCYzQRmTtKz9a"
}

resource "aws_db_instance" "written_out" { # FAILED
  identifier = "written-out"
  username   = "app"
  password   = "Sup3rS3cret2024!"
}

resource "aws_rds_cluster" "the_default_of_a_variable" { # FAILED
  cluster_identifier = "the-default-of-a-variable"
  master_username    = "app"
  master_password    = var.password
}

variable "password" { # FAILED
  default = "changeme"
}

resource "aws_elasticache_replication_group" "written_out" { # FAILED
  replication_group_id = "written-out"
  description          = "sessions"
  auth_token           = "0123456789abcdefghij"
}

resource "aws_secretsmanager_secret_version" "written_out" { # FAILED
  secret_id     = "shop"
  secret_string = jsonencode({ username = "app", password = "Sup3rS3cret2024!" })
}

resource "aws_secretsmanager_secret_version" "without_a_form" { # FAILED
  secret_id     = "shop"
  secret_string = "opensesame"
}

resource "aws_ssm_parameter" "written_out" { # FAILED
  name  = "/shop/database"
  type  = "SecureString"
  value = "opensesame"
}

resource "aws_ssm_parameter" "in_clear" { # FAILED
  name  = "/shop/database/password"
  type  = "String"
  value = "opensesame"
}

resource "aws_mq_broker" "written_out" { # FAILED
  broker_name = "shop"

  user {
    username = "app"
    password = "Sup3rS3cret2024!"
  }
}

resource "aws_cloudwatch_event_connection" "in_a_tag" { # FAILED
  name               = "in-a-tag"
  authorization_type = "API_KEY"
  description        = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"
}

module "database" { # FAILED
  source          = "git::https://github.com/techstart-example/terraform-database.git?ref=v1.2.3"
  master_password = "Sup3rS3cret2024!"
}

resource "aws_rds_cluster" "other_changes_ignored" { # FAILED
  master_username = "app"
  master_password = "changeme"

  lifecycle {
    ignore_changes = [engine_version, tags["master_password"]]
  }
}

resource "aws_ssm_parameter" "write_only" { # FAILED
  name             = "/shop/database"
  type             = "SecureString"
  value_wo         = "opensesame"
  value_wo_version = 1
}

resource "aws_ssm_parameter" "in_clear_on_purpose" { # FAILED
  name           = "/shop/database/password"
  type           = "String"
  insecure_value = "opensesame"
}

resource "aws_kms_ciphertext" "written_out" { # FAILED
  key_id    = "alias/shop"
  plaintext = "opensesame"
}

resource "aws_kms_external_key" "written_out" { # FAILED
  key_material_base64 = "Wblj06fduthWggmsT0cLVoIMOkeLbc2kVfMud77i/JY="
}

resource "aws_lb_listener_rule" "written_out" { # FAILED
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:listener/app/shop/0123456789abcdef/0123456789abcdef"

  condition {
    http_header {
      http_header_name = "X-Origin-Secret"
      values           = ["opensesame"]
    }
  }
}

resource "aws_wafv2_web_acl" "written_out" { # FAILED
  name  = "written-out"
  scope = "REGIONAL"

  rule {
    name     = "origin"
    priority = 1

    statement {
      byte_match_statement {
        search_string         = "opensesame"
        positional_constraint = "EXACTLY"

        field_to_match {
          single_header { name = "x-origin-secret" }
        }
      }
    }
  }
}

resource "aws_db_instance" "with_a_sign_before_it" { # FAILED
  identifier = "with-a-sign-before-it"
  username   = "app"
  password   = "<Sup3rS3cret2024>"
}

resource "github_actions_secret" "written_out" { # FAILED
  repository      = "shop"
  secret_name     = "deploy"
  plaintext_value = "opensesame"
}

resource "tfe_variable" "written_out" { # FAILED
  key       = "deploy"
  value     = "Sup3rS3cret2024zz"
  category  = "terraform"
  sensitive = true
}

resource "kubernetes_manifest" "written_out" { # FAILED
  manifest = {
    apiVersion = "v1"
    kind       = "Secret"
    metadata   = { name = "shop" }
    stringData = { deploy = "opensesame" }
  }
}

variable "environment" {
  type = string
}

locals {
  of_each = { prod = "Sup3rS3cret2024!", dev = "An0therS3cret2025" }
}

resource "aws_db_instance" "one_of_a_few" { # FAILED
  identifier = "one-of-a-few"
  username   = "app"
  password   = local.of_each[var.environment]
}
