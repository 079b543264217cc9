resource "aws_efs_file_system" "plain" { # FAILED
  creation_token = "plain"
}

resource "aws_ecs_task_definition" "plain_mount" { # FAILED
  family                = "plain"
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])

  volume {
    name = "shared"

    efs_volume_configuration {
      file_system_id     = "fs-00000000"
      transit_encryption = "DISABLED"
    }
  }
}
