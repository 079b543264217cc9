resource "aws_api_gateway_domain_name" "nothing" { # UNKNOWN
  domain_name = "api.example.org"
}
resource "aws_api_gateway_domain_name" "post_quantum" { # PASSED
  security_policy = "SecurityPolicy_TLS13_1_2_PQ_2025_09"
}
resource "aws_api_gateway_domain_name" "other_case" { # FAILED
  security_policy = "tls_1_2"
}
variable "policy" {
  type = string
}
resource "aws_api_gateway_domain_name" "variable" { # UNKNOWN
  security_policy = var.policy
}
resource "aws_api_gateway_domain_name" "choice" { # UNKNOWN
  security_policy = var.policy == "old" ? "TLS_1_0" : "TLS_1_2"
}
resource "aws_apigatewayv2_domain_name" "nothing" { # UNKNOWN
  domain_name_configuration {
    endpoint_type = "REGIONAL"
  }
}
