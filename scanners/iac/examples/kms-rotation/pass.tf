resource "aws_kms_key" "yearly" {
  enable_key_rotation = true
}
