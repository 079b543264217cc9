locals {
  confined = { name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }
}
resource "aws_ecs_task_definition" "privileged" { # FAILED
  family                = "a"
  container_definitions = jsonencode([local.confined, merge(local.confined, { privileged = true })])
}
resource "aws_ecs_task_definition" "in_capitals" { # FAILED
  family                = "a"
  container_definitions = jsonencode([merge(local.confined, { Privileged = true })])
}
resource "aws_ecs_task_definition" "text" { # FAILED
  family                = "a"
  container_definitions = "[{\"name\": \"a\", \"image\": \"a:1\", \"readonlyRootFilesystem\": false, \"logConfiguration\": {\"logDriver\": \"awslogs\"}}]"
}
resource "aws_ecs_task_definition" "host" { # FAILED
  family                = "a"
  network_mode          = "host"
  container_definitions = jsonencode([local.confined])
}
resource "aws_ecs_task_definition" "memory" { # FAILED
  family                = "a"
  ipc_mode              = "host"
  container_definitions = jsonencode([local.confined])
}
resource "aws_ecs_task_definition" "socket" { # FAILED
  family                = "a"
  container_definitions = jsonencode([local.confined])
  volume {
    name      = "docker"
    host_path = "/var/run/docker.sock"
  }
}
resource "aws_ecs_task_definition" "kernel" { # FAILED
  family                = "a"
  container_definitions = jsonencode([merge(local.confined, { linuxParameters = { capabilities = { add = ["SYS_ADMIN"] } } })])
}
resource "aws_ecs_task_definition" "no_log" { # FAILED
  family                = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true }])
}
resource "aws_ecs_task_definition" "way_up" { # FAILED
  family                = "a"
  container_definitions = jsonencode([local.confined])
  volume {
    name      = "zones"
    host_path = "/usr/share/zoneinfo/../../../etc"
  }
}
resource "aws_ecs_task_definition" "way_up_by_driver" { # FAILED
  family                = "a"
  container_definitions = jsonencode([local.confined])
  volume {
    name = "zones"
    docker_volume_configuration {
      driver_opts = { type = "none", o = "bind", device = "/usr/share/zoneinfo/../../.." }
    }
  }
}
resource "aws_ecs_task_definition" "other_driver" { # FAILED
  family                = "a"
  container_definitions = jsonencode([local.confined])
  volume {
    name = "etc"
    docker_volume_configuration {
      driver      = "local-persist"
      driver_opts = { mountpoint = "/etc" }
    }
  }
}
