provider "aws" {
  region = "eu-west-3"
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
}

resource "aws_s3_bucket" "second_site" {
  region = "eu-west-1"
}

resource "aws_acm_certificate" "of_the_distribution" {
  region      = "us-east-1"
  domain_name = "shop.fr"
}

resource "aws_wafv2_web_acl" "of_the_distribution" {
  region = "us-east-1"
  name   = "shop"
  scope  = "CLOUDFRONT"
}
