resource "aws_cloudfront_distribution" "nothing" { # FAILED
  enabled = true
}
resource "aws_cloudfront_distribution" "empty" { # FAILED
  logging_config {
    bucket = ""
  }
}
resource "aws_cloudfront_distribution" "cookies_only" { # FAILED
  logging_config {
    include_cookies = true
  }
}
resource "aws_cloudfront_distribution" "logs" { # PASSED
  logging_config {
    bucket = "logs.s3.amazonaws.com"
  }
}
resource "aws_cloudfront_distribution" "delivered" { # PASSED
  enabled = true
}
resource "aws_cloudwatch_log_delivery_source" "delivered" {
  name         = "delivered"
  log_type     = "ACCESS_LOGS"
  resource_arn = aws_cloudfront_distribution.delivered.arn
}
resource "aws_cloudwatch_log_delivery" "delivered" {
  delivery_source_name = aws_cloudwatch_log_delivery_source.delivered.name
}
resource "aws_cloudfront_distribution" "source_alone" { # FAILED
  enabled = true
}
resource "aws_cloudwatch_log_delivery_source" "alone" {
  name         = "alone"
  log_type     = "ACCESS_LOGS"
  resource_arn = aws_cloudfront_distribution.source_alone.arn
}
resource "aws_cloudfront_distribution" "cookies_alone" { # FAILED
  enabled = true
  logging_config {
    include_cookies = true
  }
}
