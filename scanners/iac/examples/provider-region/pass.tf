provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "second_site"
  region = "eu-west-1"
}

# CloudFront takes certificates of this region alone.
provider "aws" {
  alias  = "certificates"
  region = "us-east-1"
}

resource "aws_acm_certificate" "shop" {
  provider    = aws.certificates
  domain_name = "shop.example.com"
}

# AWS sends these metrics there alone, and signs zones with keys of this region alone.
provider "aws" {
  alias  = "billing"
  region = "us-east-1"
}

resource "aws_cloudwatch_metric_alarm" "costs" {
  provider   = aws.billing
  alarm_name = "costs"
  namespace  = "AWS/Billing"
}

resource "aws_kms_key" "zone" {
  provider                 = aws.billing
  customer_master_key_spec = "ECC_NIST_P256"
  key_usage                = "SIGN_VERIFY"
}

resource "aws_kms_alias" "zone" {
  provider      = aws.billing
  name          = "alias/zone"
  target_key_id = aws_kms_key.zone.key_id
}

resource "aws_route53_key_signing_key" "zone" {
  hosted_zone_id             = "Z0123456789"
  key_management_service_arn = aws_kms_key.zone.arn
  name                       = "zone"
}

# What is switched off makes nothing.
provider "aws" {
  alias  = "off"
  region = "us-east-1"
}

resource "aws_acm_certificate" "off" {
  count       = 0
  provider    = aws.off
  domain_name = "shop.example.com"
}

# Reads what others have made there, and makes nothing.
provider "aws" {
  alias  = "reads"
  region = "us-east-1"
}

data "aws_acm_certificate" "shop" {
  provider = aws.reads
  domain   = "shop.example.com"
}

# A provider is known by its source, whatever it is called here.
terraform {
  required_providers {
    amz = {
      source = "hashicorp/aws"
    }
  }
}

provider "amz" {
  region = "eu-west-1"
}
