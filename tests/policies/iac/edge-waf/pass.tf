resource "aws_cloudfront_distribution" "guarded" {
  enabled    = true
  web_acl_id = aws_wafv2_web_acl.logged.arn

  origin {
    origin_id   = "bucket"
    domain_name = "site.s3.amazonaws.com"
  }
}

resource "aws_lb" "guarded" {
  name               = "guarded"
  load_balancer_type = "application"
}

resource "aws_wafv2_web_acl_association" "balancer" {
  resource_arn = aws_lb.guarded.arn
  web_acl_arn  = aws_wafv2_web_acl.logged.arn
}

resource "aws_api_gateway_rest_api" "public" {
  name = "public"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_stage" "guarded" {
  rest_api_id   = aws_api_gateway_rest_api.public.id
  deployment_id = "first"
  stage_name    = "production"
}

resource "aws_wafv2_web_acl_association" "stage" {
  resource_arn = aws_api_gateway_stage.guarded.arn
  web_acl_arn  = aws_wafv2_web_acl.logged.arn
}

resource "aws_wafv2_web_acl" "logged" {
  name  = "logged"
  scope = "REGIONAL"

  default_action {
    allow {}
  }

  rule {
    name     = "common"
    priority = 1

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        name        = "AWSManagedRulesCommonRuleSet"
        vendor_name = "AWS"
      }
    }
  }
}

resource "aws_wafv2_web_acl_logging_configuration" "logged" {
  resource_arn            = aws_wafv2_web_acl.logged.arn
  log_destination_configs = ["arn:aws:logs:eu-west-3:123456789012:log-group:aws-waf-logs"]
}
