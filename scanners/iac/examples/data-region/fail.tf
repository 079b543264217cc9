provider "aws" {
  region = "eu-west-3"
}

# Its region comes from the environment.
provider "aws" {
  alias = "elsewhere"
}

resource "aws_s3_bucket" "home" {
  bucket = "example-home"
}

resource "aws_s3_bucket" "by_argument" { # FAILED
  region = "us-east-1"
}

resource "aws_ebs_volume" "by_zone" { # FAILED
  provider          = aws.elsewhere
  availability_zone = "us-east-1a"
  size              = 8
}
