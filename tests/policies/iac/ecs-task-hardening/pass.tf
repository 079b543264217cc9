resource "aws_ecs_task_definition" "confined" {
  family = "confined"

  container_definitions = jsonencode([{
    name                   = "app"
    image                  = "app:1"
    privileged             = false
    readonlyRootFilesystem = true
    logConfiguration       = { logDriver = "awslogs" }
  }])
}
