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
