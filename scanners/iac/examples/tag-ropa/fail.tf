resource "aws_s3_bucket" "no_entry" { # FAILED
  bucket = "example-clients"

  tags = {
    PersonalData = "yes"
  }
}

resource "aws_dynamodb_table" "empty_entry" { # FAILED
  name     = "sessions"
  hash_key = "id"

  tags = {
    PersonalData = "yes"
    RopaId       = ""
  }
}

resource "aws_efs_file_system" "no_personal_data" {
  tags = {
    PersonalData = "no"
  }
}

provider "aws" {}
