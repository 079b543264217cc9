resource "aws_api_gateway_stage" "logged" {
  rest_api_id   = "api"
  deployment_id = "first"
  stage_name    = "production"

  access_log_settings {
    destination_arn = "arn:aws:logs:eu-west-3:123456789012:log-group:/api"
    format          = "$context.requestId"
  }
}

resource "aws_apigatewayv2_stage" "logged" {
  api_id = "api"
  name   = "production"

  access_log_settings {
    destination_arn = "arn:aws:logs:eu-west-3:123456789012:log-group:/api"
    format          = "$context.requestId"
  }
}

resource "aws_api_gateway_method_settings" "no_bodies" {
  rest_api_id = "api"
  stage_name  = "production"
  method_path = "*/*"

  settings {
    data_trace_enabled = false
  }
}

resource "aws_api_gateway_deployment" "without_stage" {
  rest_api_id = "api"
}

resource "aws_apigatewayv2_api" "plain" {
  name          = "plain"
  protocol_type = "HTTP"
}
