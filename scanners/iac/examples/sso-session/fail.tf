resource "aws_ssoadmin_permission_set" "half_a_day" { # FAILED
  session_duration = "PT12H"
}

resource "aws_ssoadmin_permission_set" "minutes" { # FAILED
  session_duration = "PT7H90M"
}
