resource "aws_api_gateway_method" "small_letters" { # FAILED
  http_method   = "GET"
  authorization = "none"
}
resource "aws_api_gateway_method" "before_the_token" { # NOTHING
  http_method   = "OPTIONS"
  authorization = "NONE"
}
resource "aws_api_gateway_method" "by_key" { # FAILED
  http_method      = "GET"
  authorization    = "NONE"
  api_key_required = true
}
resource "aws_api_gateway_rest_api" "inside" { # NOTHING
  name = "inside"
  endpoint_configuration {
    types = ["PRIVATE"]
  }
}
resource "aws_api_gateway_method" "inside" { # NOTHING
  rest_api_id   = aws_api_gateway_rest_api.inside.id
  http_method   = "GET"
  authorization = "NONE"
}
resource "aws_api_gateway_rest_api" "written_elsewhere" { # UNKNOWN
  name = "x"
  body = file("${path.module}/api.yaml")
}
resource "aws_api_gateway_rest_api" "empty" { # NOTHING
  name = "x"
}
resource "aws_apigatewayv2_api" "written_elsewhere" { # UNKNOWN
  name          = "x"
  protocol_type = "HTTP"
  body          = file("${path.module}/api.yaml")
}
resource "aws_apigatewayv2_api" "in_one_go" { # FAILED
  name          = "x"
  protocol_type = "HTTP"
  target        = "https://example.com"
  route_key     = "GET /"
}
resource "aws_apigatewayv2_route" "other_letters" { # FAILED
  route_key          = "GET /"
  authorization_type = "none"
}
resource "aws_apigatewayv2_api" "socket" { # PASSED
  name          = "x"
  protocol_type = "WEBSOCKET"
}
resource "aws_apigatewayv2_api" "socket_without_routes" { # NOTHING
  name          = "x"
  protocol_type = "WEBSOCKET"
}
resource "aws_apigatewayv2_api" "open_socket" { # FAILED
  name          = "x"
  protocol_type = "WEBSOCKET"
}
resource "aws_apigatewayv2_route" "open_message" { # NOTHING
  api_id    = aws_apigatewayv2_api.open_socket.id
  route_key = "sendMessage"
}
resource "aws_apigatewayv2_api" "perhaps_open_socket" { # UNKNOWN
  name          = "x"
  protocol_type = "WEBSOCKET"
}
variable "key" {}
resource "aws_apigatewayv2_route" "perhaps" { # UNKNOWN
  api_id    = aws_apigatewayv2_api.perhaps_open_socket.id
  route_key = var.key
}
resource "aws_apigatewayv2_api" "http_with_a_route" { # NOTHING
  name          = "x"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_route" "of_http" { # PASSED
  api_id             = aws_apigatewayv2_api.http_with_a_route.id
  route_key          = "GET /"
  authorization_type = "JWT"
}
resource "aws_apigatewayv2_route" "connect" { # FAILED
  api_id    = aws_apigatewayv2_api.socket.id
  route_key = "$connect"
}
resource "aws_apigatewayv2_route" "message" { # NOTHING
  api_id    = aws_apigatewayv2_api.socket.id
  route_key = "$default"
}
resource "aws_apigatewayv2_route" "signed" { # PASSED
  route_key          = "GET /"
  authorization_type = "JWT"
}
resource "aws_api_gateway_rest_api" "by_key" { # UNKNOWN
  name = "orders"
  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "orders", version = "1" }
    paths = {
      "/orders" = {
        get = {
          security                        = [{ key = [] }]
          x-amazon-apigateway-integration = { type = "http", httpMethod = "GET", uri = "https://example.com" }
        }
        options = {
          x-amazon-apigateway-integration = { type = "mock" }
        }
      }
    }
    components = {
      securitySchemes = {
        signed = { type = "apiKey", name = "Authorization", in = "header", x-amazon-apigateway-authtype = "awsSigv4" }
        key    = { type = "apiKey", name = "x-api-key", in = "header" }
      }
    }
  })
}
resource "aws_api_gateway_rest_api" "perhaps_without" { # UNKNOWN
  name = "orders"
  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "orders", version = "1" }
    paths = {
      "/orders" = {
        get = {
          security                        = [{ signed = [] }, {}]
          x-amazon-apigateway-integration = { type = "http", httpMethod = "GET", uri = "https://example.com" }
        }
        options = {
          x-amazon-apigateway-integration = { type = "mock" }
        }
      }
    }
    components = {
      securitySchemes = {
        signed = { type = "apiKey", name = "Authorization", in = "header", x-amazon-apigateway-authtype = "awsSigv4" }
        key    = { type = "apiKey", name = "x-api-key", in = "header" }
      }
    }
  })
}
variable "uri" {}
resource "aws_api_gateway_rest_api" "uri_given" { # FAILED
  name = "orders"
  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "orders", version = "1" }
    paths = {
      "/orders" = {
        get = {
          x-amazon-apigateway-integration = { type = "http", httpMethod = "GET", uri = var.uri }
        }
        options = {
          x-amazon-apigateway-integration = { type = "mock" }
        }
      }
    }
    components = {
      securitySchemes = {
        signed = { type = "apiKey", name = "Authorization", in = "header", x-amazon-apigateway-authtype = "awsSigv4" }
        key    = { type = "apiKey", name = "x-api-key", in = "header" }
      }
    }
  })
}
variable "asked" {}
resource "aws_api_gateway_rest_api" "asked_by_a_variable" { # UNKNOWN
  name = "orders"
  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "orders", version = "1" }
    paths = {
      "/orders" = {
        get = {
          security                        = var.asked
          x-amazon-apigateway-integration = { type = "http", httpMethod = "GET", uri = "https://example.com" }
        }
        options = {
          x-amazon-apigateway-integration = { type = "mock" }
        }
      }
    }
    components = {
      securitySchemes = {
        signed = { type = "apiKey", name = "Authorization", in = "header", x-amazon-apigateway-authtype = "awsSigv4" }
        key    = { type = "apiKey", name = "x-api-key", in = "header" }
      }
    }
  })
}
resource "aws_api_gateway_rest_api" "closed" { # PASSED
  name = "orders"
  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "orders", version = "1" }
    paths = {
      "/orders" = {
        get = {
          security                        = [{ signed = [] }]
          x-amazon-apigateway-integration = { type = "http", httpMethod = "GET", uri = var.uri }
        }
        options = {
          x-amazon-apigateway-integration = { type = "mock" }
        }
      }
    }
    components = {
      securitySchemes = {
        signed = { type = "apiKey", name = "Authorization", in = "header", x-amazon-apigateway-authtype = "awsSigv4" }
        key    = { type = "apiKey", name = "x-api-key", in = "header" }
      }
    }
  })
}

resource "aws_appsync_graphql_api" "key" { # FAILED
  authentication_type = "API_KEY"
}

resource "aws_appsync_graphql_api" "also_key" { # UNKNOWN
  authentication_type = "AWS_IAM"

  additional_authentication_provider {
    authentication_type = "API_KEY"
  }
}

resource "aws_appsync_graphql_api" "iam" { # PASSED
  authentication_type = "AWS_IAM"
}

resource "aws_appsync_graphql_api" "inside" { # NOTHING
  authentication_type = "API_KEY"
  visibility          = "PRIVATE"
}

resource "aws_appsync_api" "key" { # FAILED
  name = "key"
  event_config {
    auth_provider {
      auth_type = "API_KEY"
    }
    connection_auth_mode {
      auth_type = "API_KEY"
    }
    default_publish_auth_mode {
      auth_type = "API_KEY"
    }
    default_subscribe_auth_mode {
      auth_type = "API_KEY"
    }
  }
}

resource "aws_appsync_api" "published" { # FAILED
  name = "published"
  event_config {
    auth_provider {
      auth_type = "API_KEY"
    }
    connection_auth_mode {
      auth_type = "AWS_IAM"
    }
    default_publish_auth_mode {
      auth_type = "API_KEY"
    }
    default_subscribe_auth_mode {
      auth_type = "AWS_IAM"
    }
  }
}

resource "aws_appsync_api" "subscribed" { # FAILED
  name = "subscribed"
  event_config {
    auth_provider {
      auth_type = "API_KEY"
    }
    connection_auth_mode {
      auth_type = "API_KEY"
    }
    default_publish_auth_mode {
      auth_type = "AWS_IAM"
    }
    default_subscribe_auth_mode {
      auth_type = "API_KEY"
    }
  }
}

resource "aws_appsync_api" "connected" { # PASSED
  name = "connected"
  event_config {
    auth_provider {
      auth_type = "API_KEY"
    }
    connection_auth_mode {
      auth_type = "API_KEY"
    }
    default_publish_auth_mode {
      auth_type = "AWS_IAM"
    }
    default_subscribe_auth_mode {
      auth_type = "AWS_IAM"
    }
  }
}

resource "aws_appsync_api" "signed" { # PASSED
  name = "signed"
  event_config {
    auth_provider {
      auth_type = "API_KEY"
    }
    connection_auth_mode {
      auth_type = "AWS_IAM"
    }
    default_publish_auth_mode {
      auth_type = "AWS_IAM"
    }
    default_subscribe_auth_mode {
      auth_type = "AWS_IAM"
    }
  }
}

resource "aws_appsync_channel_namespace" "open" { # FAILED
  api_id = aws_appsync_api.signed.api_id
  name   = "open"
  publish_auth_mode {
    auth_type = "API_KEY"
  }
}

resource "aws_appsync_channel_namespace" "like_the_api" { # NOTHING
  api_id = aws_appsync_api.signed.api_id
  name   = "default"
}
