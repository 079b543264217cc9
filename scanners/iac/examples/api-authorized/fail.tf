resource "aws_api_gateway_method" "open" { # FAILED
  rest_api_id   = "api"
  resource_id   = "orders"
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_method" "small_letters" { # FAILED
  rest_api_id   = "api"
  resource_id   = "orders"
  http_method   = "ANY"
  authorization = "none"
}

# A key names a client and proves nothing.
resource "aws_api_gateway_method" "key" { # FAILED
  rest_api_id      = "api"
  resource_id      = "orders"
  http_method      = "POST"
  authorization    = "NONE"
  api_key_required = true
}
