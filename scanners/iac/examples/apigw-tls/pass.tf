resource "aws_api_gateway_domain_name" "api" {
  domain_name              = "api.example.org"
  regional_certificate_arn = "arn:aws:acm:eu-west-3:111122223333:certificate/1"
  security_policy          = "TLS_1_2"
}

resource "aws_apigatewayv2_domain_name" "events" {
  domain_name = "events.example.org"
  domain_name_configuration {
    certificate_arn = "arn:aws:acm:eu-west-3:111122223333:certificate/1"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}
