resource "aws_backup_vault" "nothing" { # FAILED
  name = "x"
}
resource "aws_backup_vault" "empty" { # FAILED
  kms_key_arn = ""
}
resource "aws_backup_vault" "null" { # FAILED
  kms_key_arn = null
}
resource "aws_backup_vault" "key" { # PASSED
  kms_key_arn = "arn:aws:kms:eu-west-3:111122223333:key/1"
}
