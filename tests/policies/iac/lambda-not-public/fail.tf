resource "aws_lambda_permission" "anybody" { # FAILED
  action        = "lambda:InvokeFunction"
  function_name = "webhook"
  principal     = "*"
}

resource "aws_lambda_function_url" "anybody" { # FAILED
  function_name      = "webhook"
  authorization_type = "NONE"
}

resource "aws_lambda_permission" "any_bucket" { # FAILED
  action        = "lambda:InvokeFunction"
  function_name = "thumbnails"
  principal     = "s3.amazonaws.com"
}
