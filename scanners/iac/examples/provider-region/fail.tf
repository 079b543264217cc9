provider "aws" {
  region = "eu-west-3"
}

provider "aws" { # FAILED
  alias  = "usa"
  region = "us-east-1"
}

# Not in the EU, whatever its name begins with.
provider "aws" { # FAILED
  alias  = "london"
  region = "eu-west-2"
}

provider "aws" { # FAILED
  alias  = "more_than_certificates"
  region = "us-east-1"
}

resource "aws_acm_certificate" "shop" {
  provider    = aws.more_than_certificates
  domain_name = "shop.techstart.example"
}

resource "aws_cloudwatch_log_group" "shop" {
  provider = aws.more_than_certificates
  name     = "shop"
}
