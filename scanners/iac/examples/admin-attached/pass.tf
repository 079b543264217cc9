resource "aws_iam_role_policy_attachment" "auditor" {
  role       = "auditor"
  policy_arn = "arn:aws:iam::aws:policy/SecurityAudit"
}

data "aws_iam_policy" "auditor" {
  name = "SecurityAudit"
}

data "aws_iam_policy" "boundary" {
  name = "PowerUserAccess"
}

resource "aws_iam_role" "bounded" {
  assume_role_policy   = "{}"
  permissions_boundary = data.aws_iam_policy.boundary.arn
}
