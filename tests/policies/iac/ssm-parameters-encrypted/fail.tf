resource "aws_ssm_parameter" "plain" { # FAILED
  name  = "database-password"
  type  = "String"
  value = "set outside"
}
