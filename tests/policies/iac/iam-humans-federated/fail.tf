resource "aws_iam_user" "somebody" { # FAILED
  name = "somebody"
}
