resource "aws_cloudfront_distribution" "nothing" { # FAILED
  enabled = true
}
resource "aws_cloudfront_distribution" "empty" { # FAILED
  web_acl_id = ""
}
resource "aws_cloudfront_distribution" "null" { # FAILED
  web_acl_id = null
}
resource "aws_lb" "nothing" { # FAILED
  name = "x"
}
resource "aws_lb" "internal_as_text" { # PASSED
  internal = "1"
}
resource "aws_lb" "public_as_text" { # FAILED
  internal = "0"
}
resource "aws_lb" "behind_one" { # PASSED
  name = "y"
}
resource "aws_wafv2_web_acl" "rules" { # PASSED
  name = "rules"
  rule {
    name     = "one"
    priority = 1
  }
}
resource "aws_wafv2_web_acl_logging_configuration" "rules" {
  resource_arn = aws_wafv2_web_acl.rules.arn
}
resource "aws_wafv2_web_acl_association" "behind_one" {
  resource_arn = aws_lb.behind_one.arn
  web_acl_arn  = aws_wafv2_web_acl.rules.arn
}
resource "aws_wafv2_web_acl" "empty" { # FAILED
  name = "empty"
}
