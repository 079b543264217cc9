resource "aws_cloudtrail" "proven" {
  name                       = "proven"
  s3_bucket_name             = "trails"
  enable_log_file_validation = true
}
