resource "aws_lambda_permission" "everybody" { # FAILED
  action        = "lambda:InvokeFunction"
  function_name = "webhook"
  principal     = "*"
}

resource "aws_lambda_permission" "any_bucket" { # FAILED
  action        = "lambda:InvokeFunction"
  function_name = "thumbnails"
  principal     = "s3.amazonaws.com"
}

resource "aws_lambda_permission" "any_rule" { # FAILED
  action        = "lambda:InvokeFunction"
  function_name = "jobs"
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:*:*:rule/*"
}

resource "aws_lambda_layer_version_permission" "everybody" { # FAILED
  layer_name     = "tools"
  version_number = 1
  statement_id   = "everybody"
  action         = "lambda:GetLayerVersion"
  principal      = "*"
}
