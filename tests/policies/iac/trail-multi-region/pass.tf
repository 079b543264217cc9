resource "aws_cloudtrail" "everywhere" {
  name                  = "everywhere"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true
}

# One that is enough stands beside it.
resource "aws_cloudtrail" "one_region" {
  name           = "paris"
  s3_bucket_name = "trails"
}
