resource "aws_cloudtrail" "to_a_bucket_only" { # FAILED
  name           = "bucket"
  s3_bucket_name = "trails"
}
