resource "aws_cloudtrail" "plain" { # FAILED
  name           = "plain"
  s3_bucket_name = "trails"
}
