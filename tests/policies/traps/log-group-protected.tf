resource "aws_cloudwatch_log_group" "nothing" { # FAILED
  name = "x"
}
resource "aws_cloudwatch_log_group" "empty" { # FAILED
  kms_key_id = ""
}
resource "aws_cloudwatch_log_group" "null" { # FAILED
  kms_key_id = null
}
