resource "aws_ebs_volume" "text_one" { # PASSED
  encrypted = "1"
}
resource "aws_ebs_volume" "text_true" { # PASSED
  encrypted = "true"
}
resource "aws_ebs_volume" "text_zero" { # FAILED
  encrypted = "0"
}
resource "aws_ebs_volume" "other_case" { # UNKNOWN
  encrypted = "TRUE"
}
resource "aws_ebs_volume" "null" { # FAILED
  encrypted = null
}
resource "aws_ebs_volume" "nothing" { # FAILED
  size = 8
}
resource "aws_ebs_volume" "of_a_snapshot" { # UNKNOWN
  snapshot_id = "snap-1"
}
resource "aws_ebs_volume" "a_key_is_no_switch" { # FAILED
  kms_key_id = "arn:aws:kms:eu-west-3:111122223333:key/1"
}
resource "aws_instance" "no_root" { # FAILED
  ami = "ami-1"
}
resource "aws_instance" "root_says_nothing" { # FAILED
  root_block_device {
    volume_size = 8
  }
}
resource "aws_instance" "root_null" { # FAILED
  root_block_device {
    encrypted = null
  }
}
resource "aws_instance" "data_says_nothing" { # FAILED
  root_block_device {
    encrypted = true
  }
  ebs_block_device {
    device_name = "/dev/sdb"
  }
}
resource "aws_instance" "second_of_two" { # FAILED
  root_block_device {
    encrypted = true
  }
  ebs_block_device {
    device_name = "/dev/sdb"
    encrypted   = true
  }
  ebs_block_device {
    device_name = "/dev/sdc"
    encrypted   = false
  }
}
resource "aws_instance" "all" { # PASSED
  root_block_device {
    encrypted = "true"
  }
  ebs_block_device {
    device_name = "/dev/sdb"
    encrypted   = "1"
  }
}
resource "aws_instance" "data_of_a_snapshot" { # UNKNOWN
  root_block_device {
    encrypted = true
  }
  ebs_block_device {
    device_name = "/dev/sdb"
    snapshot_id = "snap-1"
  }
}
resource "aws_instance" "of_a_template" { # UNKNOWN
  launch_template {
    id = "lt-1"
  }
}
variable "disks" {
  type = list(string)
}
resource "aws_instance" "disks_by_a_loop" { # UNKNOWN
  root_block_device {
    encrypted = true
  }
  dynamic "ebs_block_device" {
    for_each = var.disks
    content {
      device_name = ebs_block_device.value
    }
  }
}
resource "aws_instance" "encrypted_disks_by_a_loop" { # PASSED
  root_block_device {
    encrypted = true
  }
  dynamic "ebs_block_device" {
    for_each = var.disks
    content {
      device_name = ebs_block_device.value
      encrypted   = true
    }
  }
}
resource "aws_spot_instance_request" "plain" { # FAILED
  ami = "ami-1"
}
resource "aws_launch_configuration" "data_says_nothing" { # FAILED
  root_block_device {
    encrypted = true
  }
  ebs_block_device {
    device_name = "/dev/sdb"
  }
}
resource "aws_launch_template" "plain" { # FAILED
  block_device_mappings {
    device_name = "/dev/sda1"
    ebs {
      volume_size = 20
    }
  }
}
resource "aws_launch_template" "text_zero" { # FAILED
  block_device_mappings {
    ebs {
      encrypted = "0"
    }
  }
}
resource "aws_launch_template" "second_of_two" { # FAILED
  block_device_mappings {
    ebs {
      encrypted = true
    }
  }
  block_device_mappings {
    ebs {
      encrypted = false
    }
  }
}
resource "aws_launch_template" "encrypted" { # UNKNOWN
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      encrypted = "true"
    }
  }
}
resource "aws_launch_template" "of_the_image" { # UNKNOWN
  image_id = "ami-1"
}
resource "aws_launch_template" "root_of_the_image" { # UNKNOWN
  image_id = "ami-1"
  block_device_mappings {
    device_name = "/dev/sdf"
    ebs {
      encrypted = true
    }
  }
}
resource "aws_launch_template" "root_and_data" { # UNKNOWN
  block_device_mappings {
    device_name = "/dev/sda1"
    ebs {
      encrypted = true
    }
  }
  block_device_mappings {
    device_name = "/dev/sdb"
    no_device   = "true"
  }
}
resource "aws_ecs_service" "volume_in_clear" { # FAILED
  volume_configuration {
    name = "data"
    managed_ebs_volume {
      role_arn  = "arn:aws:iam::123456789012:role/x"
      encrypted = false
    }
  }
}
resource "aws_ecs_service" "volume_says_nothing" { # UNKNOWN
  volume_configuration {
    name = "data"
    managed_ebs_volume {
      role_arn = "arn:aws:iam::123456789012:role/x"
    }
  }
}
resource "aws_ecs_service" "volume" { # PASSED
  volume_configuration {
    name = "data"
    managed_ebs_volume {
      role_arn  = "arn:aws:iam::123456789012:role/x"
      encrypted = true
    }
  }
}
resource "aws_ecs_service" "no_volume" { # NOTHING
  name = "web"
}
resource "aws_launch_template" "ephemeral_only" { # UNKNOWN
  block_device_mappings {
    device_name  = "/dev/sdb"
    virtual_name = "ephemeral0"
  }
}
resource "aws_spot_fleet_request" "plain" { # FAILED
  launch_specification {
    root_block_device {
      encrypted = false
    }
  }
}
resource "aws_ami" "plain" { # FAILED
  ebs_block_device {
    device_name = "/dev/sda1"
    volume_size = 8
  }
}

resource "aws_workspaces_workspace" "half" { # FAILED
  user_volume_encryption_enabled = true
}

resource "aws_workspaces_workspace" "whole" { # PASSED
  root_volume_encryption_enabled = true
  user_volume_encryption_enabled = true
}
data "aws_ami" "image" {
  most_recent = true
}
resource "aws_launch_template" "root_as_the_image_says" { # PASSED
  image_id = data.aws_ami.image.id
  block_device_mappings {
    device_name = data.aws_ami.image.root_device_name
    ebs {
      encrypted = true
    }
  }
}
resource "aws_launch_template" "root_left_out" { # UNKNOWN
  image_id = data.aws_ami.image.id
  block_device_mappings {
    device_name = data.aws_ami.image.root_device_name
    no_device   = "true"
  }
}
