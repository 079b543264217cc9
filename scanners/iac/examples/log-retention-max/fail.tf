resource "aws_cloudwatch_log_group" "for_ever" { # FAILED
  name              = "/for-ever"
  retention_in_days = 0
}

resource "aws_cloudwatch_log_group" "not_said" { # FAILED
  name = "/not-said"
}

resource "aws_cloudwatch_log_group" "ten_years" { # FAILED
  name              = "/ten-years"
  retention_in_days = 3653
}
