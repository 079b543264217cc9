resource "aws_s3_bucket" "for_ever" { # FAILED
  bucket = "for-ever"

  tags = {
    PersonalData = "yes"
  }
}

resource "aws_s3_bucket" "nobody" {
  bucket = "nobody"

  tags = {
    PersonalData = "no"
  }
}
