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
resource "aws_ecs_task_definition" "drivers" {
  family                = "a"
  container_definitions = jsonencode([{ name = "a", image = var.image, readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
  volume {
    name      = "zones"
    host_path = "/usr/share/zoneinfo/Europe/Paris"
  }
  volume {
    name = "named"
    docker_volume_configuration {
      driver      = "local"
      driver_opts = { type = "bind", device = "/data" }
    }
  }
  volume {
    name = "unnamed"
    docker_volume_configuration {
      driver_opts = { type = "tmpfs", device = "tmpfs" }
    }
  }
  volume {
    name = "other"
    docker_volume_configuration {
      driver = "rexray/ebs"
    }
  }
}
