resource "aws_efs_file_system" "encrypted" {
  creation_token = "encrypted"
  encrypted      = true
  kms_key_id     = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-4000-8000-000000000000"
}

resource "aws_ecs_task_definition" "encrypted_mount" {
  family                = "encrypted"
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])

  volume {
    name = "shared"

    efs_volume_configuration {
      file_system_id     = "fs-00000000"
      transit_encryption = "ENABLED"
    }
  }
}
