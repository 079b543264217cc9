provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "ireland"
  region = "eu-west-1"
}

resource "aws_s3_bucket" "invoices" {
  bucket = "example-invoices"
}

resource "aws_s3_bucket" "invoices_copy" {
  provider = aws.ireland
  bucket   = "example-invoices-copy"
}
