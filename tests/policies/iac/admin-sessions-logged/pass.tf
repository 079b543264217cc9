resource "aws_ssm_document" "logged" {
  name            = "SSM-SessionManagerRunShell"
  document_type   = "Session"
  document_format = "JSON"

  content = jsonencode({
    schemaVersion = "1.0"
    sessionType   = "Standard_Stream"
    inputs = {
      kmsKeyId                    = "alias/sessions"
      cloudWatchLogGroupName      = "sessions"
      cloudWatchEncryptionEnabled = true
    }
  })
}

resource "aws_ecs_cluster" "logged" {
  name = "logged"

  configuration {
    execute_command_configuration {
      kms_key_id = "alias/sessions"
      logging    = "OVERRIDE"

      log_configuration {
        cloud_watch_encryption_enabled = true
        cloud_watch_log_group_name     = "sessions"
      }
    }
  }
}

resource "aws_ecs_cluster" "by_default" {
  name = "by_default"
}

resource "aws_ecs_task_definition" "logged" {
  family = "logged"
  container_definitions = jsonencode([
    { name = "web", image = "web:1", logConfiguration = { logDriver = "awslogs" } },
  ])
}

resource "aws_ecs_service" "by_default" {
  name                   = "by_default"
  cluster                = aws_ecs_cluster.by_default.id
  task_definition        = aws_ecs_task_definition.logged.arn
  enable_execute_command = true
}
