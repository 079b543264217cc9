resource "aws_ebs_snapshot_block_public_access" "off" { # FAILED
  state = "unblocked"
}
