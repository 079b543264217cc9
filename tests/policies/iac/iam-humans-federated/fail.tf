resource "aws_iam_user" "somebody" {
  name = "somebody"
}

resource "aws_iam_user_login_profile" "somebody" { # FAILED
  user = aws_iam_user.somebody.name
}
