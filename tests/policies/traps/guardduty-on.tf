resource "aws_guardduty_detector" "text_zero" { # FAILED
  enable = "0"
}
resource "aws_guardduty_detector" "text_false" { # FAILED
  enable = "false"
}
resource "aws_guardduty_detector" "null" { # PASSED
  enable = null
}
resource "aws_guardduty_detector" "archives_all" { # FAILED
  enable = true
}
resource "aws_guardduty_filter" "archives_all" {
  detector_id = aws_guardduty_detector.archives_all.id
  action      = "ARCHIVE"
  finding_criteria {
    criterion {
      field                 = "severity"
      greater_than_or_equal = "1"
    }
  }
}
resource "aws_guardduty_detector" "archives_what_is_low" { # PASSED
  enable = true
}
resource "aws_guardduty_filter" "archives_what_is_low" {
  detector_id = aws_guardduty_detector.archives_what_is_low.id
  action      = "ARCHIVE"
  finding_criteria {
    criterion {
      field     = "severity"
      less_than = "4"
    }
  }
}
resource "aws_guardduty_detector" "archives_a_type" { # PASSED
  enable = true
}
resource "aws_guardduty_filter" "archives_a_type" {
  detector_id = aws_guardduty_detector.archives_a_type.id
  action      = "ARCHIVE"
  finding_criteria {
    criterion {
      field  = "type"
      equals = ["Recon:EC2/PortProbeUnprotectedPort"]
    }
  }
}
resource "aws_guardduty_detector" "archives_a_region" { # FAILED
  enable = true
}
resource "aws_guardduty_filter" "archives_a_region" {
  detector_id = aws_guardduty_detector.archives_a_region.id
  action      = "ARCHIVE"
  finding_criteria {
    criterion {
      field  = "region"
      equals = ["eu-west-3"]
    }
  }
}
resource "aws_guardduty_detector" "archives_a_protocol" { # FAILED
  enable = true
}
resource "aws_guardduty_filter" "archives_a_protocol" {
  detector_id = aws_guardduty_detector.archives_a_protocol.id
  action      = "ARCHIVE"
  finding_criteria {
    criterion {
      field  = "service.action.networkConnectionAction.protocol"
      equals = ["TCP"]
    }
  }
}
resource "aws_guardduty_detector" "only_marks" { # PASSED
  enable = true
}
resource "aws_guardduty_filter" "only_marks" {
  detector_id = aws_guardduty_detector.only_marks.id
  action      = "NOOP"
  finding_criteria {
    criterion {
      field  = "region"
      equals = ["eu-west-3"]
    }
  }
}
