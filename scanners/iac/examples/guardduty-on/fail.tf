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

resource "aws_guardduty_detector" "running" { # FAILED
  enable = true
}

resource "aws_guardduty_filter" "running" {
  name        = "running"
  action      = "ARCHIVE"
  rank        = 1
  detector_id = aws_guardduty_detector.running.id
  finding_criteria {
    criterion {
      field   = "resource.instanceDetails.instanceState"
      equals  = ["running"]
    }
  }
}

resource "aws_guardduty_detector" "engine" { # FAILED
  enable = true
}

resource "aws_guardduty_filter" "engine" {
  name        = "engine"
  action      = "ARCHIVE"
  rank        = 1
  detector_id = aws_guardduty_detector.engine.id
  finding_criteria {
    criterion {
      field   = "resource.rdsDbInstanceDetails.engineVersion"
      equals  = ["8.0"]
    }
  }
}

resource "aws_guardduty_detector" "types" { # FAILED
  enable = true
}

resource "aws_guardduty_filter" "types" {
  name        = "types"
  action      = "ARCHIVE"
  rank        = 1
  detector_id = aws_guardduty_detector.types.id
  finding_criteria {
    criterion {
      field   = "type"
      matches = ["*:EC2/*"]
    }
  }
}

resource "aws_guardduty_detector" "any_bucket" { # FAILED
  enable = true
}

resource "aws_guardduty_filter" "any_bucket" {
  name        = "any_bucket"
  action      = "ARCHIVE"
  rank        = 1
  detector_id = aws_guardduty_detector.any_bucket.id
  finding_criteria {
    criterion {
      field   = "resource.s3BucketDetails.arn"
      matches = ["arn:aws:s3:::*"]
    }
  }
}
