resource "aws_guardduty_detector" "on" {
  enable = true
}

resource "aws_guardduty_detector" "machine" {
  enable = true
}

resource "aws_guardduty_filter" "machine" {
  name        = "machine"
  action      = "ARCHIVE"
  rank        = 1
  detector_id = aws_guardduty_detector.machine.id
  finding_criteria {
    criterion {
      field   = "resource.instanceDetails.instanceId"
      equals  = ["i-0123456789abcdef0"]
    }
  }
}

resource "aws_guardduty_detector" "recon" {
  enable = true
}

resource "aws_guardduty_filter" "recon" {
  name        = "recon"
  action      = "ARCHIVE"
  rank        = 1
  detector_id = aws_guardduty_detector.recon.id
  finding_criteria {
    criterion {
      field   = "type"
      equals  = ["Recon:EC2/PortProbeUnprotectedPort"]
    }
  }
}

resource "aws_guardduty_detector" "bucket" {
  enable = true
}

resource "aws_guardduty_filter" "bucket" {
  name        = "bucket"
  action      = "ARCHIVE"
  rank        = 1
  detector_id = aws_guardduty_detector.bucket.id
  finding_criteria {
    criterion {
      field   = "resource.s3BucketDetails.arn"
      matches = ["arn:aws:s3:::logs-*"]
    }
  }
}

resource "aws_guardduty_detector" "address" {
  enable = true
}

resource "aws_guardduty_filter" "address" {
  name        = "address"
  action      = "ARCHIVE"
  rank        = 1
  detector_id = aws_guardduty_detector.address.id
  finding_criteria {
    criterion {
      field   = "service.action.awsApiCallAction.remoteIpDetails.ipAddressV4"
      equals  = ["203.0.113.7"]
    }
  }
}
