resource "aws_efs_file_system" "plain" { # FAILED
  creation_token = "plain"
}
