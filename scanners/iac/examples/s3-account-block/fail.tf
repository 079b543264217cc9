resource "aws_s3_account_public_access_block" "half" { # FAILED
  block_public_acls   = true
  block_public_policy = true
}

resource "aws_s3_account_public_access_block" "nothing" { # FAILED
}
