resource "aws_api_gateway_domain_name" "old" { # FAILED
  domain_name              = "old.example.org"
  regional_certificate_arn = "arn:aws:acm:eu-west-3:111122223333:certificate/1"
  security_policy          = "TLS_1_0"
}

resource "aws_apigatewayv2_domain_name" "older" { # FAILED
  domain_name = "older.example.org"
  domain_name_configuration {
    certificate_arn = "arn:aws:acm:eu-west-3:111122223333:certificate/1"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_0"
  }
}
