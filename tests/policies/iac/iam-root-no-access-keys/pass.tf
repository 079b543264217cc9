resource "aws_iam_access_key" "service" {
  user = "service"
}
