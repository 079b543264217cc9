resource "aws_iam_user_policy_attachment" "direct" { # FAILED
  user       = "somebody"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_policy_attachment" "several" { # FAILED
  name       = "readers"
  users      = ["somebody"]
  groups     = ["readers"]
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
