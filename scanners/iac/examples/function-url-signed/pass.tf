resource "aws_lambda_function_url" "signed" {
  function_name      = "webhook"
  authorization_type = "AWS_IAM"
}
