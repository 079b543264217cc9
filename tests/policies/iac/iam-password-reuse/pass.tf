resource "aws_iam_account_password_policy" "remembers" {
  minimum_password_length   = 14
  password_reuse_prevention = 24
}
