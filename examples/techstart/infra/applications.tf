resource "aws_lambda_function" "facturation" {
  function_name = "techstart-facturation"
  role          = aws_iam_role.fonctions.arn
  handler       = "main.main"
  runtime       = "python3.12"
  filename      = "facturation.zip"
  kms_key_arn   = aws_kms_key.donnees.arn
  tags          = local.production

  tracing_config {
    mode = "Active"
  }
}

resource "aws_lambda_function" "export_clients" {
  function_name = "techstart-export-clients"
  role          = aws_iam_role.fonctions.arn
  handler       = "main.main"
  runtime       = "python3.12"
  filename      = "export.zip"

  environment {
    variables = {
      # AWS's own example, and what a scanner must find.
      AWS_KEY     = "AKIAIOSFODNN7EXAMPLE"
      DB_PASSWORD = "NotARealPassword-42"
    }
  }
}

resource "aws_ecr_repository" "portail" {
  name                 = "techstart/portail"
  image_tag_mutability = "IMMUTABLE"
  tags                 = local.production

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.donnees.arn
  }
}

resource "aws_ecr_repository" "ancien" {
  name = "techstart/ancien"
}

resource "aws_sns_topic" "alertes" {
  name              = "techstart-alertes"
  kms_master_key_id = aws_kms_key.journaux.arn
}

resource "aws_sqs_queue" "taches" {
  name              = "techstart-taches"
  kms_master_key_id = aws_kms_key.donnees.arn
  tags              = local.production
}

resource "aws_sqs_queue" "partenaires" {
  name                    = "techstart-partenaires"
  sqs_managed_sse_enabled = false
}
