resource "aws_iam_policy_attachment" "by_group" {
  name       = "readers"
  users      = []
  groups     = ["readers"]
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
