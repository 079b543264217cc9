resource "aws_cloudtrail" "not_validated" { # FAILED
  name           = "not-validated"
  s3_bucket_name = "trails"
}

resource "aws_cloudtrail" "switched_off" { # FAILED
  name                       = "switched-off"
  s3_bucket_name             = "trails"
  enable_logging             = false
  enable_log_file_validation = true
}
