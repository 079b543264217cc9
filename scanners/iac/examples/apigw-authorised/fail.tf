resource "aws_api_gateway_method" "by_key" { # FAILED
  rest_api_id      = "api"
  resource_id      = "orders"
  http_method      = "GET"
  authorization    = "NONE"
  api_key_required = true
}

resource "aws_apigatewayv2_api" "in_one_go" { # FAILED
  name          = "orders"
  protocol_type = "HTTP"
  target        = "arn:aws:lambda:eu-west-3:123456789012:function:orders"
}

resource "aws_apigatewayv2_api" "anybody_is_connected" { # FAILED
  name          = "chat"
  protocol_type = "WEBSOCKET"
}

resource "aws_apigatewayv2_route" "message" {
  api_id    = aws_apigatewayv2_api.anybody_is_connected.id
  route_key = "sendMessage"
}
