resource "aws_macie2_account" "this" { # FAILED
  status = "PAUSED"
}
