resource "aws_api_gateway_method" "signed" {
  rest_api_id   = "api"
  resource_id   = "orders"
  http_method   = "GET"
  authorization = "AWS_IAM"
}

resource "aws_apigatewayv2_route" "signed" {
  api_id             = "api"
  route_key          = "GET /orders"
  authorization_type = "AWS_IAM"
}

resource "aws_apigatewayv2_api" "asks_at_connection" {
  name          = "chat"
  protocol_type = "WEBSOCKET"
}

resource "aws_apigatewayv2_route" "connection" {
  api_id             = aws_apigatewayv2_api.asks_at_connection.id
  route_key          = "$connect"
  authorization_type = "AWS_IAM"
}
