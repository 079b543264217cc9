resource "aws_cloudwatch_log_group" "personal" {
  name       = "personal"
  kms_key_id = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-4000-8000-000000000000"

  tags = {
    PersonalData = "yes"
  }
}
