resource "aws_guardduty_detector" "text_zero" { # FAILED
  enable = "0"
}
resource "aws_guardduty_detector" "text_false" { # FAILED
  enable = "false"
}
resource "aws_guardduty_detector" "null" { # PASSED
  enable = null
}
