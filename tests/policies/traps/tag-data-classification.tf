resource "aws_s3_bucket" "oui" { # PASSED
  tags = { DataClassification = "internal", PersonalData = "oui" }
}
resource "aws_s3_bucket" "capitals" { # PASSED
  tags = { DataClassification = "INTERNAL", PersonalData = "NON" }
}
resource "aws_s3_bucket" "blanks" { # PASSED
  tags = { DataClassification = "Confidential ", PersonalData = "No " }
}
resource "aws_s3_bucket" "maybe" { # FAILED
  tags = { DataClassification = "internal", PersonalData = "peut-être" }
}
resource "aws_s3_bucket" "longer" { # FAILED
  tags = { DataClassification = "internals", PersonalData = "no" }
}
resource "aws_s3_bucket" "of_no_class" { # FAILED
  tags = { DataClassification = "internal|public", PersonalData = "no" }
}
