resource "aws_backup_vault" "encrypted" {
  name        = "encrypted"
  kms_key_arn = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-4000-8000-000000000000"
}
