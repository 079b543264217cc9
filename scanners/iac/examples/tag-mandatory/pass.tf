provider "aws" {
  region = "eu-west-3"
  default_tags {
    tags = {
      Owner       = "platform"
      Environment = "production"
    }
  }
}

variable "team" {
  default = "web"
}

resource "aws_s3_bucket" "site" {
  bucket = "example-site"

  tags = {
    Owner              = var.team
    DataClassification = "public"
    PersonalData       = "no"
  }
}
