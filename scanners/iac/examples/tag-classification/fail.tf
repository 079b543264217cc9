resource "aws_s3_bucket" "untagged" { # FAILED
  bucket = "example-site"
}

resource "aws_db_instance" "no_such_class" { # FAILED
  instance_class = "db.t4g.medium"

  tags = {
    DataClassification = "top"
    PersonalData       = "no"
  }
}

resource "aws_dynamodb_table" "personal_data_not_said" { # FAILED
  name     = "customers"
  hash_key = "id"

  tags = {
    DataClassification = "confidential"
  }
}

provider "aws" {}
