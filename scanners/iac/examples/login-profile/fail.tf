resource "aws_iam_user_login_profile" "somebody" { # FAILED
  user = "somebody"
}
