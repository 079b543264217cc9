resource "aws_guardduty_detector" "off" { # FAILED
  enable = false
}
