resource "aws_guardduty_detector" "off" { # FAILED
  enable = false
}
resource "aws_guardduty_detector" "tagged" { # FAILED
  enable = true
}

resource "aws_guardduty_filter" "tagged" {
  name        = "tagged"
  action      = "ARCHIVE"
  rank        = 1
  detector_id = aws_guardduty_detector.tagged.id
  finding_criteria {
    criterion {
      field  = "resource.instanceDetails.tags.key"
      equals = ["Environment"]
    }
  }
}
