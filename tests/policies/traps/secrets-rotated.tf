resource "aws_secretsmanager_secret_rotation" "ninety_as_text" { # PASSED
  secret_id = "x"
  rotation_rules {
    automatically_after_days = "90"
  }
}
resource "aws_secretsmanager_secret_rotation" "a_year_as_text" { # FAILED
  secret_id = "x"
  rotation_rules {
    automatically_after_days = "400"
  }
}
resource "aws_secretsmanager_secret_rotation" "each_year_by_cron" { # FAILED
  secret_id = "x"
  rotation_rules {
    schedule_expression = "cron(0 0 1 1 ? *)"
  }
}
resource "aws_secretsmanager_secret_rotation" "hours" { # PASSED
  secret_id = "x"
  rotation_rules {
    schedule_expression = "rate(12 hours)"
  }
}
resource "aws_secretsmanager_secret_rotation" "nothing" { # FAILED
  secret_id = "x"
}
resource "aws_secretsmanager_secret" "by_its_description" { # UNKNOWN
  name        = "api"
  description = "other"
}
resource "aws_secretsmanager_secret_rotation" "by_its_description" {
  secret_id = aws_secretsmanager_secret.by_its_description.description
}
resource "aws_secretsmanager_secret_rotation" "never_by_rate" { # FAILED
  secret_id = "x"
  rotation_rules {
    schedule_expression = "rate(0 hours)"
  }
}
resource "aws_secretsmanager_secret_rotation" "no_schedule_of_aws" { # UNKNOWN
  secret_id = "x"
  rotation_rules {
    schedule_expression = "every now and then"
  }
}
