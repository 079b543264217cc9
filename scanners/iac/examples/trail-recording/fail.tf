resource "aws_cloudtrail" "writes_only" { # FAILED
  name                  = "writes-only"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true

  event_selector {
    read_write_type = "WriteOnly"
  }
}

resource "aws_cloudtrail" "no_management_events" { # FAILED
  name                  = "no-management-events"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true

  event_selector {
    include_management_events = false
  }
}

resource "aws_cloudtrail" "two_halves" { # FAILED
  name                  = "two-halves"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true

  event_selector {
    read_write_type = "WriteOnly"
  }

  event_selector {
    read_write_type = "ReadOnly"
  }
}

resource "aws_cloudtrail" "advanced_of_data" { # FAILED
  name                  = "advanced-of-data"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true

  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
  }
}

resource "aws_cloudtrail" "one_region" { # FAILED
  name           = "paris"
  s3_bucket_name = "trails"
}

resource "aws_cloudtrail" "stopped" { # FAILED
  name                  = "stopped"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true
  enable_logging        = false
}
