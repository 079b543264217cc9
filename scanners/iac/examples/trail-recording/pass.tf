resource "aws_cloudtrail" "no_selector" {
  name                  = "no-selector"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true
}

resource "aws_cloudtrail" "all_by_default" {
  name                  = "all-by-default"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true

  event_selector {
    exclude_management_event_sources = []
  }
}

resource "aws_cloudtrail" "all_said" {
  name                  = "all-said"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true

  event_selector {
    read_write_type           = "All"
    include_management_events = true
  }
}

resource "aws_cloudtrail" "one_of_two" {
  name                  = "one-of-two"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true

  event_selector {
    read_write_type           = "WriteOnly"
    include_management_events = false
  }

  event_selector {
    read_write_type = "All"
  }
}

resource "aws_cloudtrail" "advanced" {
  name                  = "advanced"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true

  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
  }

  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }
}

resource "aws_cloudtrail" "everywhere" {
  name                  = "everywhere"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true
}
