resource "aws_ssm_parameter" "encrypted" {
  name  = "database-password"
  type  = "SecureString"
  value = "set outside"
}
