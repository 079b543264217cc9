resource "aws_lambda_function" "by_reference" {
  function_name = "by-reference"
  role          = "arn:aws:iam::123456789012:role/lambda"

  environment {
    variables = {
      SECRET_NAME = "production/database"
    }
  }
}

resource "aws_instance" "by_reference" {
  ami           = "ami-00000000"
  instance_type = "t3.micro"
  user_data     = "aws secretsmanager get-secret-value --secret-id production/database"
}
