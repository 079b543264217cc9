provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
}

resource "aws_s3_bucket" "invoices" {
  bucket = "example-invoices"
}

resource "aws_s3_bucket" "copy" {
  provider = aws.virginia
  bucket   = "example-invoices-copy"
}

resource "aws_s3_bucket_replication_configuration" "invoices" { # FAILED
  bucket = aws_s3_bucket.invoices.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.copy.arn
    }
  }
}
