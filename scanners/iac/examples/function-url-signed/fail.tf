resource "aws_lambda_function_url" "open" { # FAILED
  function_name      = "webhook"
  authorization_type = "NONE"
}
