provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
}

resource "aws_s3_bucket" "far" { # NOTHING
  region = "us-east-1"
}

resource "aws_s3_bucket" "far_provider" { # NOTHING
  provider = aws.virginia
}

resource "aws_s3_bucket" "near" { # NOTHING
}

resource "aws_s3_bucket" "inline_far" { # FAILED
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = "Enabled"
      destination {
        bucket = aws_s3_bucket.far.arn
      }
    }
  }
}

resource "aws_s3_bucket" "inline_far_provider" { # FAILED
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = "Enabled"
      destination {
        bucket = aws_s3_bucket.far_provider.arn
      }
    }
  }
}

resource "aws_s3_bucket" "inline_near" { # PASSED
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = "Enabled"
      destination {
        bucket = aws_s3_bucket.near.arn
      }
    }
  }
}

resource "aws_s3_bucket" "inline_arn" { # UNKNOWN
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = "Enabled"
      destination {
        bucket = "arn:aws:s3:::elsewhere"
      }
    }
  }
}

resource "aws_s3_bucket" "loop" { # UNKNOWN
  dynamic "replication_configuration" {
    for_each = var.replicas
    content {
      rules {
        destination {
          bucket = aws_s3_bucket.far.arn
        }
      }
    }
  }
}

variable "replicas" {
  type = set(string)
}

resource "aws_s3_bucket_replication_configuration" "of_two" { # FAILED
  bucket = aws_s3_bucket.near.id
  rule {
    destination {
      bucket = "arn:aws:s3:::elsewhere"
    }
  }
  rule {
    destination {
      bucket = aws_s3_bucket.far_provider.arn
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "perhaps" { # UNKNOWN
  bucket = aws_s3_bucket.near.id
  rule {
    destination {
      bucket = aws_s3_bucket.near.arn
    }
  }
  rule {
    destination {
      bucket = var.bucket
    }
  }
}

variable "bucket" {
  type = string
}
