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
