resource "aws_ebs_snapshot_block_public_access" "off" { # FAILED
  state = "unblocked"
}
resource "aws_ebs_snapshot_block_public_access" "on" { # PASSED
  state = "block-new-sharing"
}
resource "aws_ec2_image_block_public_access" "off" { # FAILED
  state = "unblocked"
}
