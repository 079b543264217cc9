resource "aws_iam_user_policy_attachment" "direct" { # FAILED
  user       = "somebody"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
