resource "aws_cloudwatch_log_group" "never" { # FAILED
  retention_in_days = "0"
}
resource "aws_cloudwatch_log_group" "nothing" { # FAILED
  name = "x"
}
resource "aws_cloudwatch_log_group" "null" { # FAILED
  retention_in_days = null
}
resource "aws_cloudwatch_log_group" "ten_years_as_text" { # FAILED
  retention_in_days = "3653"
}
resource "aws_cloudwatch_log_group" "ten_years_under_a_tag" { # UNKNOWN
  retention_in_days = 3653
  tags              = { Retention = "3653" }
}
resource "aws_cloudwatch_log_group" "a_year" { # PASSED
  retention_in_days = 365
}
resource "aws_cloudwatch_log_group" "for_delivery" { # PASSED
  log_group_class = "DELIVERY"
}
