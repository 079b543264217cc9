resource "aws_cloudwatch_log_group" "personal" { # FAILED
  name = "personal"

  tags = {
    PersonalData = "yes"
  }
}

resource "aws_cloudwatch_log_group" "secret" { # FAILED
  name = "secret"

  tags = {
    DataClassification = "secret"
  }
}

resource "aws_cloudwatch_log_group" "ordinary" {
  name = "ordinary"

  tags = {
    DataClassification = "internal"
  }
}
