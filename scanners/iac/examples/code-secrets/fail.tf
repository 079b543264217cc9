resource "aws_db_instance" "written_out" { # FAILED
  identifier = "written-out"
  username   = "app"
  password   = "Sup3rS3cret2024!"
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

resource "aws_ssm_parameter" "written_out" { # FAILED
  name  = "/shop/database"
  type  = "SecureString"
  value = "opensesame"
}

resource "aws_mq_broker" "written_out" { # FAILED
  broker_name = "shop"

  user {
    username = "app"
    password = "Sup3rS3cret2024!"
  }
}

module "database" { # FAILED
  source          = "git::https://github.com/example-org/terraform-database.git?ref=v1.2.3"
  master_password = "Sup3rS3cret2024!"
}
