variable "image" {
  type = string
}
resource "aws_ecs_task_definition" "confined" {
  family       = "a"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{
    name                   = "a"
    image                  = var.image
    privileged             = false
    readonlyRootFilesystem = true
    linuxParameters        = { capabilities = { add = ["SYS_PTRACE"], drop = ["ALL"] } }
    logConfiguration       = { logDriver = "awslogs" }
  }])
  volume {
    name      = "data"
    host_path = "/data/app"
  }
}
