resource "aws_efs_access_point" "folder_not_said" { # FAILED
  posix_user {
    uid = 1000
    gid = 1000
  }
  root_directory {
    creation_info {
      owner_gid   = 1000
      owner_uid   = 1000
      permissions = "750"
    }
  }
}
resource "aws_efs_access_point" "root_in_other_words" { # FAILED
  posix_user {
    uid = 1000
    gid = 1000
  }
  root_directory {
    path = "//"
  }
}
variable "folder" {
  type = string
}
resource "aws_efs_access_point" "variable" { # UNKNOWN
  posix_user {
    uid = 1000
    gid = 1000
  }
  root_directory {
    path = var.folder
  }
}
resource "aws_efs_access_point" "loop" { # UNKNOWN
  dynamic "posix_user" {
    for_each = var.folder == "" ? [] : [1]
    content {
      uid = 1000
      gid = 1000
    }
  }
  root_directory {
    path = "/shop"
  }
}
resource "aws_efs_access_point" "everybody_is_root" { # FAILED
  posix_user {
    uid = 0
    gid = 0
  }
  root_directory {
    path = "/data"
  }
}
