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

resource "aws_efs_file_system" "called_after_production" { # FAILED
  tags = { Environment = "prod-eu-test", PersonalData = "Oui" }
}

resource "aws_ebs_volume" "copy" { # FAILED
  availability_zone = "eu-west-3a"
  tags              = { Environment = "prod-copy", PersonalData = "true" }
}

resource "aws_s3_bucket" "no_production" { # FAILED
  tags = { Environment = "non-prod", PersonalData = "yes" }
}
