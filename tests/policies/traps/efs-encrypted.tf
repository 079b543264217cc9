resource "aws_efs_file_system" "nothing" { # FAILED
  creation_token = "x"
}
resource "aws_efs_file_system" "text_one" { # PASSED
  encrypted = "1"
}
resource "aws_efs_file_system" "text_zero" { # FAILED
  encrypted = "0"
}
resource "aws_efs_file_system" "null" { # FAILED
  encrypted = null
}
resource "aws_efs_file_system" "a_key_is_no_switch" { # FAILED
  kms_key_id = "arn:aws:kms:eu-west-3:111122223333:key/1"
}
