resource "aws_cloudtrail" "encrypted" {
  name           = "encrypted"
  s3_bucket_name = "trails"
  kms_key_id     = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-4000-8000-000000000000"
}
