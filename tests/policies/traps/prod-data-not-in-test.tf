resource "aws_s3_bucket" "disaster_recovery" { # NOTHING
  tags = { Environment = "DR", PersonalData = "yes" }
}
resource "aws_s3_bucket" "longer_word" { # FAILED
  tags = { Environment = "production-copy", PersonalData = "yes" }
}
variable "environment" {
  type = string
}
resource "aws_s3_bucket" "variable" { # UNKNOWN
  tags = { Environment = var.environment, PersonalData = "yes" }
}
resource "aws_s3_bucket" "no_environment" { # NOTHING
  tags = { PersonalData = "yes" }
}
resource "aws_s3_bucket" "data_not_known" { # UNKNOWN
  tags = { Environment = "test", PersonalData = var.environment }
}
resource "aws_s3_bucket" "production_of_a_region" { # NOTHING
  tags = { Environment = "Prod-eu-west-3", PersonalData = "yes" }
}
resource "aws_s3_bucket" "test_of_a_region" { # FAILED
  tags = { Environment = "non-prod-eu", PersonalData = "yes" }
}
