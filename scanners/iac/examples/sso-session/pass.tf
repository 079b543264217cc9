resource "aws_ssoadmin_permission_set" "day" {
  session_duration = "PT8H"
}

resource "aws_ssoadmin_permission_set" "hour" {
  name = "an hour, where nothing is set"
}
