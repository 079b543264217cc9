resource "aws_lambda_function" "recent" {
  function_name = "recent"
  role          = "arn:aws:iam::123456789012:role/lambda"
  runtime       = "python3.13"
}
