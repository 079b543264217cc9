resource "aws_ssm_document" "silent" { # FAILED
  name            = "SSM-SessionManagerRunShell"
  document_type   = "Session"
  document_format = "JSON"

  content = jsonencode({
    schemaVersion = "1.0"
    sessionType   = "Standard_Stream"
    inputs        = { s3BucketName = "", cloudWatchLogGroupName = "" }
  })
}

resource "aws_ecs_cluster" "silent" { # FAILED
  name = "silent"

  configuration {
    execute_command_configuration {
      logging = "NONE"
    }
  }
}

resource "aws_ecs_cluster" "by_default" { # FAILED
  name = "by_default"
}

resource "aws_ecs_task_definition" "elsewhere" {
  family = "elsewhere"
  container_definitions = jsonencode([
    { name = "web", image = "web:1", logConfiguration = { logDriver = "splunk" } },
  ])
}

resource "aws_ecs_service" "by_default" { # FAILED
  name                   = "by_default"
  cluster                = aws_ecs_cluster.by_default.id
  task_definition        = aws_ecs_task_definition.elsewhere.arn
  enable_execute_command = true
}
