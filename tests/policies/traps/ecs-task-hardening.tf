resource "aws_ecs_task_definition" "folder0" { # PASSED
  family = "a"
  volume {
    name = "d"
    host_path = "/data"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "folder1" { # PASSED
  family = "a"
  volume {
    name = "d"
    host_path = "/srv/shop"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "folder2" { # PASSED
  family = "a"
  volume {
    name = "d"
    host_path = "/opt/shop/data"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "folder3" { # PASSED
  family = "a"
  volume {
    name = "d"
    host_path = "/var/log/shop"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "folder4" { # PASSED
  family = "a"
  volume {
    name = "d"
    host_path = "/shop-data"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "folder5" { # PASSED
  family = "a"
  volume {
    name = "d"
    host_path = "/etc/localtime"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "folder6" { # PASSED
  family = "a"
  volume {
    name = "d"
    host_path = "C:\\data"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "system0" { # FAILED
  family = "a"
  volume {
    name = "d"
    host_path = "/etc/cron.d"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "system1" { # FAILED
  family = "a"
  volume {
    name = "d"
    host_path = "/usr/bin"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "system2" { # FAILED
  family = "a"
  volume {
    name = "d"
    host_path = "/var/lib/ecs"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "system3" { # FAILED
  family = "a"
  volume {
    name = "d"
    host_path = "/home/ec2-user/.ssh"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "system4" { # FAILED
  family = "a"
  volume {
    name = "d"
    host_path = "/opt/aws"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "system5" { # FAILED
  family = "a"
  volume {
    name = "d"
    host_path = "/srv/a.sock"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "system6" { # FAILED
  family = "a"
  volume {
    name = "d"
    host_path = "/srv/../etc"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "system7" { # FAILED
  family = "a"
  volume {
    name = "d"
    host_path = "C:\\Windows"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "remote" { # PASSED
  family = "a"
  volume {
    name = "d"
    docker_volume_configuration {
      driver_opts = { type = "nfs", device = ":/export" }
    }
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "bound" { # FAILED
  family = "a"
  volume {
    name = "d"
    docker_volume_configuration {
      driver_opts = { type = "none", o = "bind", device = "/etc" }
    }
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "layers" { # FAILED
  family = "a"
  volume {
    name = "d"
    docker_volume_configuration {
      driver_opts = { type = "overlay", device = "tmpfs" }
    }
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "right" { # PASSED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, linuxParameters = { capabilities = { add = ["SYS_PTRACE"] } } }])
}
resource "aws_ecs_task_definition" "bpf" { # FAILED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, linuxParameters = { capabilities = { add = ["BPF"] } } }])
}
resource "aws_ecs_task_definition" "gpu" { # PASSED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, linuxParameters = { devices = [{ hostPath = "/dev/nvidia0" }] } }])
}
resource "aws_ecs_task_definition" "disk" { # FAILED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, linuxParameters = { devices = [{ hostPath = "/dev/nvme0n1" }] } }])
}
resource "aws_ecs_task_definition" "confined" { # PASSED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, dockerSecurityOptions = ["no-new-privileges"] }])
}
resource "aws_ecs_task_definition" "unconfined" { # FAILED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, dockerSecurityOptions = ["seccomp:unconfined"] }])
}
resource "aws_ecs_task_definition" "armour" { # FAILED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, dockerSecurityOptions = ["apparmor:unconfined"] }])
}
resource "aws_ecs_task_definition" "windows" { # PASSED
  family = "a"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "linux" { # FAILED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "windows_system" { # FAILED
  family = "a"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  volume {
    name = "d"
    host_path = "C:\\Windows"
  }
  container_definitions = jsonencode([{ name = "a", image = "a:1", logConfiguration = { logDriver = "awslogs" } }])
}
resource "aws_ecs_task_definition" "in_capitals" { # FAILED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, PRIVILEGED = true }])
}
resource "aws_ecs_task_definition" "lower" { # FAILED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, linuxparameters = { capabilities = { add = ["SYS_ADMIN"] } } }])
}
resource "aws_ecs_task_definition" "mixed" { # FAILED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, linuxParameters = { Capabilities = { Add = ["SYS_ADMIN"] } } }])
}
resource "aws_ecs_task_definition" "of_both_spellings" { # FAILED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, readonlyrootfilesystem = false }])
}
resource "aws_ecs_task_definition" "two_halves" { # FAILED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, linuxParameters = { initProcessEnabled = true }, LinuxParameters = { devices = [{ HOSTPATH = "/dev/nvme0n1" }] } }])
}
resource "aws_ecs_task_definition" "all_capitals" { # PASSED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", READONLYROOTFILESYSTEM = true, logConfiguration = { logDriver = "awslogs" }, PRIVILEGED = false }])
}
resource "aws_ecs_task_definition" "one_is_null" { # PASSED
  family = "a"
  container_definitions = jsonencode([{ name = "a", image = "a:1", readonlyRootFilesystem = true, logConfiguration = { logDriver = "awslogs" }, ReadonlyRootFilesystem = null }])
}
resource "aws_ecs_task_definition" "text" { # FAILED
  family                = "a"
  container_definitions = <<-JSON
    [{"name": "a", "image": "a:1", "readonlyRootFilesystem": true, "ReadonlyRootFilesystem": false, "logConfiguration": {"logDriver": "awslogs"}}]
  JSON
}
