resource "aws_kms_key" "untagged" { # FAILED
  enable_key_rotation = true
}

resource "aws_instance" "empty_owner" { # FAILED
  instance_type = "t4g.small"

  tags = {
    Owner              = ""
    Environment        = "production"
    DataClassification = "internal"
    PersonalData       = "no"
  }
}

provider "aws" {}
