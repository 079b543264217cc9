provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
}

resource "aws_s3_bucket" "exports" { # FAILED
  provider = aws.virginia
  bucket   = "example-exports"
}

resource "aws_s3_bucket" "uploads" { # FAILED
  region = "us-west-2"
  bucket = "example-uploads"
}
