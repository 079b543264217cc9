resource "aws_cloudfront_distribution" "bare" { # FAILED
  enabled = true

  origin {
    origin_id   = "bucket"
    domain_name = "site.s3.amazonaws.com"
  }
}

resource "aws_lb" "bare" { # FAILED
  name               = "bare"
  load_balancer_type = "application"
}

resource "aws_api_gateway_stage" "bare" { # FAILED
  rest_api_id   = aws_api_gateway_rest_api.public.id
  deployment_id = "first"
  stage_name    = "production"
}

resource "aws_api_gateway_rest_api" "public" {
  name = "public"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_wafv2_web_acl" "silent" { # FAILED
  name  = "silent"
  scope = "REGIONAL"

  default_action {
    allow {}
  }
}
