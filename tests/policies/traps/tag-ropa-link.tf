resource "aws_s3_bucket" "oui" { # FAILED
  tags = { PersonalData = "Oui", RopaId = "" }
}
resource "aws_s3_bucket" "oui_with_entry" { # PASSED
  tags = { PersonalData = "Oui", RopaId = "TRT-001" }
}
resource "aws_s3_bucket" "non" { # NOTHING
  tags = { PersonalData = "NON" }
}
