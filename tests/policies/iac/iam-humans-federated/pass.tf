resource "aws_iam_role" "somebody" {
  name               = "somebody"
  assume_role_policy = "{}"
}
