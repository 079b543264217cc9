resource "aws_lambda_function" "unsigned" { # FAILED
  function_name = "unsigned"
  role          = "arn:aws:iam::111122223333:role/bill"
}

resource "aws_lambda_function" "of_a_test" {
  function_name = "test"
  role          = "arn:aws:iam::111122223333:role/bill"
  tags          = { Environment = "dev" }
}
