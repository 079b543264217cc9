resource "aws_s3_account_public_access_block" "nothing" { # FAILED
}

resource "aws_s3_account_public_access_block" "three" { # FAILED
  block_public_acls   = true
  block_public_policy = true
  ignore_public_acls  = true
}
