resource "aws_cloudtrail" "nothing" { # FAILED
  name = "x"
}
resource "aws_cloudtrail" "text_one" { # PASSED
  enable_log_file_validation = "1"
}
resource "aws_cloudtrail" "text_zero" { # FAILED
  enable_log_file_validation = "0"
}
resource "aws_cloudtrail" "null" { # FAILED
  enable_log_file_validation = null
}
resource "aws_cloudtrail" "no_bool" { # UNKNOWN
  enable_log_file_validation = "yes"
}
resource "aws_cloudtrail" "switched_off" { # FAILED
  enable_logging             = false
  enable_log_file_validation = true
}
