resource "aws_iam_user_policy_attachment" "direct" { # FAILED
  user       = "somebody"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
variable "stage" {}

resource "aws_iam_user" "mail" {
  count = 1
  name  = "${var.stage}-mail"
}

resource "aws_iam_user_policy" "of_a_user_that_code_makes" { # FAILED
  user   = aws_iam_user.mail[0].name
  policy = "{}"
}
