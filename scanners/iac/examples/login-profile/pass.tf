resource "aws_iam_user" "service" {
  name = "service"
}
