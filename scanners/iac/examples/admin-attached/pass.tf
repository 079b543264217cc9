resource "aws_iam_role_policy_attachment" "auditor" {
  role       = "auditor"
  policy_arn = "arn:aws:iam::aws:policy/SecurityAudit"
}

data "aws_iam_policy" "auditor" {
  name = "SecurityAudit"
}
