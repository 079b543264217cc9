resource "aws_s3_bucket" "of_a_test" { # FAILED
  tags = { Environment = "test", PersonalData = "yes" }
}

resource "aws_dynamodb_table" "of_a_trial" { # FAILED
  name = "trial"
  tags = { Environment = "Preprod", PersonalData = "yes" }
}

resource "aws_rds_cluster" "says_nothing" {
  tags = { Environment = "test" }
}

provider "aws" {}
