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

resource "aws_kinesis_stream" "by_argument" { # FAILED
  name   = "clicks"
  region = "us-east-1"
}

resource "aws_s3_directory_bucket" "by_argument" { # FAILED
  bucket = "fast--use1-az4--x-s3"
  region = "us-east-1"

  location {
    name = "use1-az4"
  }
}

resource "aws_wafv2_web_acl" "of_a_load_balancer" { # FAILED
  region = "us-east-1"
  name   = "shop"
  scope  = "REGIONAL"
}
