resource "aws_cloudtrail" "everywhere" {
  name                  = "everywhere"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true
}
