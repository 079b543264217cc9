resource "aws_s3_bucket" "all" { # PASSED
  tags = { Owner = "web", Environment = "dev", DataClassification = "internal", PersonalData = "no" }
}
resource "aws_s3_bucket" "null" { # FAILED
  tags = { Owner = null, Environment = "dev", DataClassification = "internal", PersonalData = "no" }
}
resource "aws_s3_bucket" "one_is_missing" { # FAILED
  tags = { Owner = "web", Environment = "dev", DataClassification = "internal" }
}
resource "aws_s3_bucket" "tags_null" { # FAILED
  tags = null
}
resource "aws_s3_bucket" "a_number_and_a_boolean" { # PASSED
  tags = { Owner = 7, Environment = true, DataClassification = "internal", PersonalData = false }
}
resource "aws_s3_bucket" "a_dash" { # FAILED
  tags = { Owner = "-", Environment = "dev", DataClassification = "internal", PersonalData = "no" }
}
resource "aws_s3_bucket" "a_question" { # FAILED
  tags = { Owner = "?", Environment = "dev", DataClassification = "internal", PersonalData = "no" }
}
resource "aws_s3_bucket" "an_underscore" { # FAILED
  tags = { Owner = "_", Environment = "dev", DataClassification = "internal", PersonalData = "no" }
}
resource "aws_s3_bucket" "a_letter" { # PASSED
  tags = { Owner = "(é)", Environment = "dev", DataClassification = "internal", PersonalData = "no" }
}
provider "aws" {} # NOTHING
