resource "aws_api_gateway_method" "signed" {
  rest_api_id   = "api"
  resource_id   = "orders"
  http_method   = "GET"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_method" "preflight" {
  rest_api_id   = "api"
  resource_id   = "orders"
  http_method   = "OPTIONS"
  authorization = "NONE"
}
