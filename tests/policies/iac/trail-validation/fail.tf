resource "aws_cloudtrail" "unproven" { # FAILED
  name           = "unproven"
  s3_bucket_name = "trails"
}
