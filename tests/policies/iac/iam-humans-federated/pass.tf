resource "aws_iam_role" "somebody" {
  name               = "somebody"
  assume_role_policy = "{}"
}

resource "aws_iam_user" "service" {
  name = "service"
}
