resource "aws_efs_access_point" "all" { # FAILED
  file_system_id = "fs-1"
}

resource "aws_efs_access_point" "anybody" { # FAILED
  file_system_id = "fs-1"
  root_directory {
    path = "/shop"
  }
}

resource "aws_efs_access_point" "whole" { # FAILED
  file_system_id = "fs-1"
  posix_user {
    uid = 1000
    gid = 1000
  }
  root_directory {
    path = "/"
  }
}
