resource "aws_api_gateway_rest_api" "signed" {
  name = "orders"
  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "orders", version = "1" }
    paths = {
      "/orders" = {
        get = {
          security                        = [{ signed = [] }]
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
