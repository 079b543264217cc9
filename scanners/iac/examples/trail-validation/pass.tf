resource "aws_cloudtrail" "validated" {
  name                       = "validated"
  s3_bucket_name             = "trails"
  enable_log_file_validation = true
}
