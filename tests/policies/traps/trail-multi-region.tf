resource "aws_cloudtrail" "one_region" { # FAILED
  name = "x"
}
resource "aws_cloudtrail" "text_zero" { # FAILED
  is_multi_region_trail = "0"
}
resource "aws_cloudtrail" "text_one" { # PASSED
  is_multi_region_trail = "1"
}
resource "aws_cloudtrail" "null" { # FAILED
  is_multi_region_trail = null
}
resource "aws_cloudtrail" "stopped" { # FAILED
  is_multi_region_trail = true
  enable_logging        = "false"
}
resource "aws_cloudtrail" "stopped_by_zero" { # FAILED
  is_multi_region_trail = true
  enable_logging        = "0"
}
resource "aws_cloudtrail" "logging_null" { # PASSED
  is_multi_region_trail = true
  enable_logging        = null
}
resource "aws_cloudtrail" "no_management_events" { # FAILED
  is_multi_region_trail = true
  event_selector {
    include_management_events = "0"
  }
}
resource "aws_cloudtrail" "reads_only" { # FAILED
  is_multi_region_trail = true
  event_selector {
    read_write_type = "ReadOnly"
  }
}
resource "aws_cloudtrail" "narrowed" { # UNKNOWN
  is_multi_region_trail = true
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
    field_selector {
      field  = "readOnly"
      equals = ["true"]
    }
  }
}
variable "selectors" {
  type = list(string)
}
resource "aws_cloudtrail" "selectors_by_a_loop" { # UNKNOWN
  is_multi_region_trail = true
  dynamic "event_selector" {
    for_each = var.selectors
    content {
      read_write_type = "ReadOnly"
    }
  }
}
resource "aws_cloudtrail" "without_kms" { # FAILED
  is_multi_region_trail = true
  event_selector {
    exclude_management_event_sources = ["kms.amazonaws.com"]
  }
}
resource "aws_cloudtrail" "leaves_nothing_out" { # PASSED
  is_multi_region_trail = true
  event_selector {
    exclude_management_event_sources = []
  }
}
resource "aws_cloudtrail" "advanced_without_kms" { # FAILED
  is_multi_region_trail = true
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
    field_selector {
      field      = "eventSource"
      not_equals = ["kms.amazonaws.com"]
    }
  }
}
resource "aws_cloudtrail" "without_global_services" { # FAILED
  name                          = "t"
  s3_bucket_name                = "b"
  is_multi_region_trail         = true
  include_global_service_events = false
}
