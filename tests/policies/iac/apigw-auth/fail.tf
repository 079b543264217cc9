resource "aws_api_gateway_method" "open" { # FAILED
  rest_api_id   = "api"
  resource_id   = "orders"
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_apigatewayv2_route" "open" { # FAILED
  api_id    = "api"
  route_key = "GET /orders"
}
