resource "aws_iam_role_policy_attachment" "reader" {
  role       = "auditor"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_role_policy_attachment" "own" {
  role       = "application"
  policy_arn = "arn:aws:iam::123456789012:policy/AdministratorAccess"
}

data "aws_iam_policy" "auditor" {
  name = "SecurityAudit"
}

resource "aws_iam_role_policy_attachment" "auditor" {
  role       = "auditor"
  policy_arn = data.aws_iam_policy.auditor.arn
}
