resource "aws_ecs_task_definition" "writable" { # FAILED
  family = "writable"

  container_definitions = jsonencode([{
    name  = "app"
    image = "app:1"
  }])
}
