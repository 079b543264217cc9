resource "aws_api_gateway_stage" "silent" { # FAILED
  rest_api_id   = "api"
  deployment_id = "first"
  stage_name    = "production"
}

resource "aws_apigatewayv2_stage" "silent" { # FAILED
  api_id = "api"
  name   = "production"
}

resource "aws_api_gateway_method_settings" "bodies" { # FAILED
  rest_api_id = "api"
  stage_name  = "production"
  method_path = "*/*"

  settings {
    data_trace_enabled = true
  }
}

resource "aws_api_gateway_deployment" "with_stage" { # FAILED
  rest_api_id = "api"
  stage_name  = "production"
}

resource "aws_apigatewayv2_api" "quick" { # FAILED
  name          = "quick"
  protocol_type = "HTTP"
  target        = "arn:aws:lambda:eu-west-3:123456789012:function:shop"
}
