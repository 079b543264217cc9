resource "aws_ssm_parameter" "clear" { # FAILED
  type = "String"
}
resource "aws_ssm_parameter" "list" { # FAILED
  type = "StringList"
}
resource "aws_ssm_parameter" "right" { # PASSED
  type = "SecureString"
}
resource "aws_ssm_parameter" "nothing" { # FAILED
  name = "x"
}
