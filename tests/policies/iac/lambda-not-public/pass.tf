resource "aws_lambda_permission" "one_bucket" {
  action         = "lambda:InvokeFunction"
  function_name  = "thumbnails"
  principal      = "s3.amazonaws.com"
  source_account = "111122223333"
  source_arn     = "arn:aws:s3:::documents"
}

resource "aws_lambda_function_url" "signed" {
  function_name      = "webhook"
  authorization_type = "AWS_IAM"
}
