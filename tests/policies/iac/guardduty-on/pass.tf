resource "aws_guardduty_detector" "on" {
  enable = true
}

resource "aws_guardduty_organization_configuration" "on" {
  auto_enable_organization_members = "ALL"
  detector_id                      = aws_guardduty_detector.on.id
}
