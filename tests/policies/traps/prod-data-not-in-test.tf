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
resource "aws_s3_bucket" "oui" { # FAILED
  tags = { Environment = "test", PersonalData = "Oui" }
}
resource "aws_s3_bucket" "true_text" { # FAILED
  tags = { Environment = "test", PersonalData = "true" }
}
resource "aws_s3_bucket" "x" { # UNKNOWN
  tags = { Environment = "test", PersonalData = "x" }
}
resource "aws_s3_bucket" "non" { # PASSED
  tags = { Environment = "test", PersonalData = "NON" }
}
resource "aws_s3_bucket" "false_text" { # PASSED
  tags = { Environment = "test", PersonalData = "false" }
}
resource "aws_s3_bucket" "empty" { # NOTHING
  tags = { Environment = "test", PersonalData = "" }
}
provider "aws" {} # NOTHING
resource "aws_s3_bucket" "undeclared_0" { # UNKNOWN
  tags = { Environment = "prod-blue", PersonalData = "yes" }
}
resource "aws_s3_bucket" "undeclared_1" { # UNKNOWN
  tags = { Environment = "acme-prod", PersonalData = "yes" }
}
resource "aws_s3_bucket" "undeclared_2" { # UNKNOWN
  tags = { Environment = "prod_a", PersonalData = "yes" }
}
resource "aws_s3_bucket" "undeclared_3" { # UNKNOWN
  tags = { Environment = "blue", PersonalData = "yes" }
}
resource "aws_s3_bucket" "undeclared_4" { # UNKNOWN
  tags = { Environment = "dev/prod", PersonalData = "yes" }
}
resource "aws_s3_bucket" "undeclared_5" { # FAILED
  tags = { Environment = "prod-eu-test", PersonalData = "yes" }
}
resource "aws_s3_bucket" "undeclared_6" { # FAILED
  tags = { Environment = "prod-eu-copy", PersonalData = "yes" }
}
resource "aws_s3_bucket" "undeclared_7" { # FAILED
  tags = { Environment = "test2", PersonalData = "yes" }
}
