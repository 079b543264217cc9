resource "aws_iam_role_policy_attachment" "administrator" { # FAILED
  role       = "everybody"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

data "aws_iam_policy" "administrator" { # FAILED
  name = "AdministratorAccess"
}
