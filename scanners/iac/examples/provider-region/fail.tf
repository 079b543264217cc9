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
  domain_name = "shop.example.com"
}

resource "aws_cloudwatch_log_group" "shop" {
  provider = aws.more_than_certificates
  name     = "shop"
}

# The module may make certificates alone, but the queue is there.
provider "aws" { # FAILED
  alias  = "passed_on"
  region = "us-east-1"
}

resource "aws_sqs_queue" "shop" {
  provider = aws.passed_on
  name     = "shop"
}

module "shop" {
  source    = "example-org/shop/aws"
  version   = "1.0.0"
  providers = { aws = aws.passed_on }
}

# These alarms may be in any region.
provider "aws" { # FAILED
  alias  = "alarms"
  region = "us-east-1"
}

resource "aws_cloudwatch_metric_alarm" "load" {
  provider   = aws.alarms
  alarm_name = "load"
  namespace  = "AWS/EC2"
}

# One bucket is enough.
provider "aws" { # FAILED
  alias  = "reads_and_makes"
  region = "us-east-1"
}

data "aws_acm_certificate" "other" {
  provider = aws.reads_and_makes
  domain   = "shop.example.com"
}

resource "aws_s3_bucket" "shop" {
  provider = aws.reads_and_makes
  bucket   = "shop"
}

# A provider is known by its source, whatever it is called here.
terraform {
  required_providers {
    amz = {
      source = "hashicorp/aws"
    }
  }
}

provider "amz" { # FAILED
  region = "us-east-1"
}
