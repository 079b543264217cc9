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
