resource "aws_cloudfront_distribution" "nothing" { # FAILED
  enabled = true
}
resource "aws_cloudfront_distribution" "empty" { # FAILED
  web_acl_id = ""
}
resource "aws_cloudfront_distribution" "null" { # FAILED
  web_acl_id = null
}
resource "aws_cloudfront_distribution" "off" { # NOTHING
  enabled = false
}
resource "aws_cloudfront_distribution" "of_elsewhere" { # UNKNOWN
  web_acl_id = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/1"
}
resource "aws_cloudfront_distribution" "guarded" { # PASSED
  web_acl_id = aws_wafv2_web_acl.blocks.arn
}
resource "aws_cloudfront_distribution" "counted" { # FAILED
  web_acl_id = aws_wafv2_web_acl.counts.arn
}
resource "aws_lb" "nothing" { # FAILED
  name = "x"
}
resource "aws_lb" "internal_as_text" { # NOTHING
  internal = "1"
}
resource "aws_lb" "public_as_text" { # FAILED
  internal = "0"
}
resource "aws_lb" "behind_one" { # PASSED
  name = "y"
}
resource "aws_wafv2_web_acl_association" "behind_one" {
  resource_arn = aws_lb.behind_one.arn
  web_acl_arn  = aws_wafv2_web_acl.blocks.arn
}
resource "aws_alb" "behind_one_that_counts" { # FAILED
  name = "z"
}
resource "aws_wafv2_web_acl_association" "behind_one_that_counts" {
  resource_arn = aws_alb.behind_one_that_counts.arn
  web_acl_arn  = aws_wafv2_web_acl.counts.arn
}
resource "aws_lb" "behind_one_of_elsewhere" { # UNKNOWN
  name = "e"
}
resource "aws_wafv2_web_acl_association" "behind_one_of_elsewhere" {
  resource_arn = aws_lb.behind_one_of_elsewhere.arn
  web_acl_arn  = "arn:aws:wafv2:eu-west-3:123456789012:regional/webacl/x/1"
}
resource "aws_wafv2_web_acl" "empty" { # FAILED
  name = "empty"
}
resource "aws_wafv2_web_acl" "blocks" { # PASSED
  name = "blocks"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "blocks" {
  resource_arn = aws_wafv2_web_acl.blocks.arn
}
resource "aws_wafv2_web_acl" "counts" { # FAILED
  name = "counts"
  rule {
    name     = "common"
    priority = 1
    override_action {
      count {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "counts" {
  resource_arn = aws_wafv2_web_acl.counts.arn
}
resource "aws_wafv2_web_acl" "allows_only" { # FAILED
  name = "allows_only"
  rule {
    name     = "french"
    priority = 0
    action {
      allow {}
    }
    statement {
      geo_match_statement {
        country_codes = ["FR"]
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "allows_only" {
  resource_arn = aws_wafv2_web_acl.allows_only.arn
}
resource "aws_wafv2_web_acl" "allows_before" { # UNKNOWN
  name = "allows_before"
  rule {
    name     = "french"
    priority = 0
    action {
      allow {}
    }
    statement {
      geo_match_statement {
        country_codes = ["FR"]
      }
    }
  }
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "allows_before" {
  resource_arn = aws_wafv2_web_acl.allows_before.arn
}
resource "aws_wafv2_web_acl" "leaves_out" { # UNKNOWN
  name = "leaves_out"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
        scope_down_statement {
          geo_match_statement {
            country_codes = ["FR"]
          }
        }
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "leaves_out" {
  resource_arn = aws_wafv2_web_acl.leaves_out.arn
}
resource "aws_wafv2_web_acl" "of_a_seller" { # UNKNOWN
  name = "of_a_seller"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "Seller"
        name        = "Rules"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "of_a_seller" {
  resource_arn = aws_wafv2_web_acl.of_a_seller.arn
}
resource "aws_wafv2_web_acl" "not_listed" { # UNKNOWN
  name = "not_listed"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesATPRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "not_listed" {
  resource_arn = aws_wafv2_web_acl.not_listed.arn
}
resource "aws_wafv2_web_acl" "without_log" { # FAILED
  name = "without_log"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl" "drops_all" { # FAILED
  name = "drops_all"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "drops_all" {
  resource_arn = aws_wafv2_web_acl.drops_all.arn
  logging_filter {
    default_behavior = "DROP"
    filter {
      behavior    = "DROP"
      requirement = "MEETS_ANY"
    }
  }
}
resource "aws_wafv2_web_acl" "keeps_some" { # PASSED
  name = "keeps_some"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "keeps_some" {
  resource_arn = aws_wafv2_web_acl.keeps_some.arn
  logging_filter {
    default_behavior = "DROP"
    filter {
      behavior    = "DROP"
      requirement = "MEETS_ANY"
      condition {
        action_condition {
          action = "ALLOW"
        }
      }
    }
    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"
      condition {
        action_condition {
          action = "COUNT"
        }
      }
      condition {
        action_condition {
          action = "BLOCK"
        }
      }
    }
  }
}
resource "aws_wafv2_web_acl" "as_json" { # UNKNOWN
  name = "as_json"
  rule_json = "[]"
}
resource "aws_wafv2_web_acl_logging_configuration" "as_json" {
  resource_arn = aws_wafv2_web_acl.as_json.arn
}
resource "aws_wafv2_web_acl" "joined" { # UNKNOWN
  name = "joined"
}
resource "aws_wafv2_web_acl_logging_configuration" "joined" {
  resource_arn = aws_wafv2_web_acl.joined.arn
}
resource "aws_wafv2_web_acl_rule_group_association" "joined" {
  rule_name   = "common"
  priority    = 1
  web_acl_arn = aws_wafv2_web_acl.joined.arn
}
resource "aws_api_gateway_rest_api" "private" {
  endpoint_configuration {
    types = ["PRIVATE"]
  }
}
resource "aws_api_gateway_stage" "private" { # NOTHING
  rest_api_id = aws_api_gateway_rest_api.private.id
}
resource "aws_api_gateway_rest_api" "open" {
  name = "open"
}
resource "aws_api_gateway_stage" "open" { # FAILED
  rest_api_id = aws_api_gateway_rest_api.open.id
}
resource "aws_api_gateway_stage" "guarded" { # PASSED
  rest_api_id = aws_api_gateway_rest_api.open.id
}
resource "aws_wafv2_web_acl_association" "guarded" {
  resource_arn = aws_api_gateway_stage.guarded.arn
  web_acl_arn  = aws_wafv2_web_acl.blocks.arn
}
resource "aws_wafv2_web_acl" "drops_blocked" { # FAILED
  name = "drops_blocked"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "drops_blocked" {
  resource_arn = aws_wafv2_web_acl.drops_blocked.arn
  logging_filter {
    default_behavior = "KEEP"
    filter {
      behavior    = "DROP"
      requirement = "MEETS_ANY"
      condition {
        action_condition {
          action = "BLOCK"
        }
      }
    }
  }
}
resource "aws_wafv2_web_acl" "drops_labelled" { # FAILED
  name = "drops_labelled"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "drops_labelled" {
  resource_arn = aws_wafv2_web_acl.drops_labelled.arn
  logging_filter {
    default_behavior = "KEEP"
    filter {
      behavior    = "DROP"
      requirement = "MEETS_ANY"
      condition {
        action_condition {
          action = "ALLOW"
        }
      }
      condition {
        label_name_condition {
          label_name = "bot"
        }
      }
    }
  }
}
resource "aws_wafv2_web_acl" "drops_some_allowed" { # PASSED
  name = "drops_some_allowed"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "drops_some_allowed" {
  resource_arn = aws_wafv2_web_acl.drops_some_allowed.arn
  logging_filter {
    default_behavior = "KEEP"
    filter {
      behavior    = "DROP"
      requirement = "MEETS_ALL"
      condition {
        action_condition {
          action = "ALLOW"
        }
      }
      condition {
        label_name_condition {
          label_name = "bot"
        }
      }
    }
  }
}
resource "aws_wafv2_web_acl" "keeps_allowed" { # FAILED
  name = "keeps_allowed"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "keeps_allowed" {
  resource_arn = aws_wafv2_web_acl.keeps_allowed.arn
  logging_filter {
    default_behavior = "DROP"
    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"
      condition {
        action_condition {
          action = "ALLOW"
        }
      }
    }
  }
}
resource "aws_wafv2_web_acl" "keeps_some_blocked" { # FAILED
  name = "keeps_some_blocked"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "keeps_some_blocked" {
  resource_arn = aws_wafv2_web_acl.keeps_some_blocked.arn
  logging_filter {
    default_behavior = "DROP"
    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ALL"
      condition {
        action_condition {
          action = "BLOCK"
        }
      }
      condition {
        label_name_condition {
          label_name = "bot"
        }
      }
    }
  }
}
resource "aws_api_gateway_deployment" "with_stage" { # UNKNOWN
  rest_api_id = "x"
  stage_name  = "prod"
}
resource "aws_api_gateway_deployment" "without_stage" { # NOTHING
  rest_api_id = "x"
}
resource "aws_wafv2_web_acl" "leaves_out_as_before" { # UNKNOWN
  name = "leaves_out_as_before"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
        excluded_rule {
          name = "SizeRestrictions_BODY"
        }
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "leaves_out_as_before" {
  resource_arn = aws_wafv2_web_acl.leaves_out_as_before.arn
}
resource "aws_wafv2_web_acl" "joined_by_more" { # UNKNOWN
  name = "joined_by_more"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "joined_by_more" {
  resource_arn = aws_wafv2_web_acl.joined_by_more.arn
}
resource "aws_wafv2_web_acl_rule_group_association" "joined_by_more" {
  rule_name   = "french"
  priority    = 0
  web_acl_arn = aws_wafv2_web_acl.joined_by_more.arn
  rule_group_reference {
    arn = "arn:aws:wafv2:eu-west-3:123456789012:regional/rulegroup/french/1"
  }
}
resource "aws_wafv2_web_acl" "ruled" { # UNKNOWN
  name = "ruled"
}
resource "aws_wafv2_web_acl_logging_configuration" "ruled" {
  resource_arn = aws_wafv2_web_acl.ruled.arn
}
resource "aws_wafv2_web_acl_rule" "ruled" {
  name        = "common"
  priority    = 1
  web_acl_arn = aws_wafv2_web_acl.ruled.arn
  override_action {
    none {}
  }
  statement {
    managed_rule_group_statement {
      vendor_name = "AWS"
      name        = "AWSManagedRulesCommonRuleSet"
    }
  }
}
resource "aws_wafv2_web_acl" "ruled_by_more" { # UNKNOWN
  name = "ruled_by_more"
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "ruled_by_more" {
  resource_arn = aws_wafv2_web_acl.ruled_by_more.arn
}
resource "aws_wafv2_web_acl_rule" "ruled_by_more" {
  name        = "let_in"
  priority    = 0
  web_acl_arn = aws_wafv2_web_acl.ruled_by_more.arn
  action {
    allow {}
  }
}
