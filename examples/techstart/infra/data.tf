resource "aws_db_subnet_group" "prive" {
  name       = "techstart-prive"
  subnet_ids = [for subnet in aws_subnet.prive : subnet.id]
}

resource "aws_db_parameter_group" "postgres16" {
  name   = "techstart-postgres16"
  family = "postgres16"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_instance" "production" {
  identifier                          = "techstart-production"
  engine                              = "postgres"
  engine_version                      = "16.4"
  instance_class                      = "db.t3.medium"
  allocated_storage                   = 50
  username                            = "techstart"
  password                            = var.database_password
  parameter_group_name                = aws_db_parameter_group.postgres16.name
  db_subnet_group_name                = aws_db_subnet_group.prive.name
  vpc_security_group_ids              = [aws_security_group.base.id]
  multi_az                            = true
  storage_encrypted                   = true
  kms_key_id                          = aws_kms_key.donnees.arn
  backup_retention_period             = 14
  deletion_protection                 = true
  auto_minor_version_upgrade          = true
  copy_tags_to_snapshot               = true
  iam_database_authentication_enabled = true
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  performance_insights_enabled        = true
  monitoring_interval                 = 60
  monitoring_role_arn                 = aws_iam_role.surveillance_base.arn
  publicly_accessible                 = false
  tags                                = local.clients
}

# Drift: here it is encrypted; the instance in the account was restored from an old, clear snapshot.
resource "aws_db_instance" "recette" {
  identifier              = "techstart-recette"
  engine                  = "postgres"
  engine_version          = "16.4"
  instance_class          = "db.t3.medium"
  allocated_storage       = 50
  username                = "techstart"
  password                = var.database_password
  storage_encrypted       = true
  backup_retention_period = 0
  skip_final_snapshot     = true

  tags = {
    Owner       = "produit"
    Environment = "recette"
  }
}

resource "aws_dynamodb_table" "preferences" {
  name                        = "techstart-preferences"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true
  tags                        = merge(local.clients, { RopaId = "TRT-002" })

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.donnees.arn
  }
}

resource "aws_dynamodb_table" "evenements" {
  name         = "techstart-evenements"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_efs_file_system" "partage" {
  creation_token = "partage"
  encrypted      = true
  kms_key_id     = aws_kms_key.donnees.arn
  tags           = merge(local.production, { Name = "techstart-partage" })
}

resource "aws_efs_file_system" "ancien" {
  creation_token = "ancien"
  encrypted      = false
}

resource "aws_secretsmanager_secret" "base" {
  name       = "production/base"
  kms_key_id = aws_kms_key.donnees.arn
  tags       = merge(local.production, { DataClassification = "secret" })
}

resource "aws_backup_vault" "coffre" {
  name        = "techstart-coffre"
  kms_key_arn = aws_kms_key.donnees.arn
}

resource "aws_backup_plan" "quotidien" {
  name = "techstart-quotidien"

  rule {
    rule_name         = "quotidienne"
    target_vault_name = aws_backup_vault.coffre.name
    schedule          = "cron(0 3 * * ? *)"

    lifecycle {
      delete_after = 35
    }
  }
}
