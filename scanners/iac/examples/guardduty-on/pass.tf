resource "aws_guardduty_detector" "on" {
  enable = true
}
