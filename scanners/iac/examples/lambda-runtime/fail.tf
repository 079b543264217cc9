resource "aws_lambda_function" "old" { # FAILED
  function_name = "old"
  role          = "arn:aws:iam::123456789012:role/lambda"
  runtime       = "python3.6"
}
