resource "aws_iam_access_key" "root" { # FAILED
  user = "root"
}
