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
