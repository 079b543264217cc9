resource "aws_iam_account_password_policy" "remembers" {
  password_reuse_prevention = 24
}
