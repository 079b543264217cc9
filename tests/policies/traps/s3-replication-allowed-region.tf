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

resource "aws_s3_bucket_replication_configuration" "off" { # NOTHING
  bucket = aws_s3_bucket.near.id
  rule {
    status = "Disabled"
    destination {
      bucket = aws_s3_bucket.far.arn
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "all_off" { # NOTHING
  bucket = aws_s3_bucket.near.id
  rule {
    status = "Disabled"
    destination {
      bucket = aws_s3_bucket.far.arn
    }
  }
  rule {
    status = "Disabled"
    destination {
      bucket = "arn:aws:s3:::elsewhere"
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "one_off_far" { # UNKNOWN
  bucket = aws_s3_bucket.near.id
  rule {
    status = "Disabled"
    destination {
      bucket = aws_s3_bucket.far.arn
    }
  }
  rule {
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.near.arn
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "one_off_near" { # PASSED
  bucket = aws_s3_bucket.near.id
  rule {
    status = "Disabled"
    destination {
      bucket = aws_s3_bucket.near.arn
    }
  }
  rule {
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.near.arn
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "one_off_beside_far" { # UNKNOWN
  bucket = aws_s3_bucket.near.id
  rule {
    status = "Disabled"
    destination {
      bucket = aws_s3_bucket.near.arn
    }
  }
  rule {
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.far.arn
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "perhaps_off_far" { # UNKNOWN
  bucket = aws_s3_bucket.near.id
  rule {
    status = var.bucket
    destination {
      bucket = aws_s3_bucket.far.arn
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "perhaps_off_near" { # PASSED
  bucket = aws_s3_bucket.near.id
  rule {
    status = var.bucket
    destination {
      bucket = aws_s3_bucket.near.arn
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "second_far" { # FAILED
  bucket = aws_s3_bucket.near.id
  rule {
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.near.arn
    }
  }
  rule {
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.far.arn
    }
  }
}

resource "aws_s3_bucket" "inline_off" { # NOTHING
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = "Disabled"
      destination {
        bucket = aws_s3_bucket.far.arn
      }
    }
  }
}

resource "aws_s3_bucket" "inline_all_off" { # NOTHING
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = "Disabled"
      destination {
        bucket = aws_s3_bucket.far.arn
      }
    }
    rules {
      status = "Disabled"
      destination {
        bucket = "arn:aws:s3:::elsewhere"
      }
    }
  }
}

resource "aws_s3_bucket" "inline_one_off_far" { # UNKNOWN
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = "Disabled"
      destination {
        bucket = aws_s3_bucket.far.arn
      }
    }
    rules {
      status = "Enabled"
      destination {
        bucket = aws_s3_bucket.near.arn
      }
    }
  }
}

resource "aws_s3_bucket" "inline_one_off_near" { # PASSED
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = "Disabled"
      destination {
        bucket = aws_s3_bucket.near.arn
      }
    }
    rules {
      status = "Enabled"
      destination {
        bucket = aws_s3_bucket.near.arn
      }
    }
  }
}

resource "aws_s3_bucket" "inline_one_off_beside_far" { # UNKNOWN
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = "Disabled"
      destination {
        bucket = aws_s3_bucket.near.arn
      }
    }
    rules {
      status = "Enabled"
      destination {
        bucket = aws_s3_bucket.far.arn
      }
    }
  }
}

resource "aws_s3_bucket" "inline_perhaps_off_far" { # UNKNOWN
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = var.bucket
      destination {
        bucket = aws_s3_bucket.far.arn
      }
    }
  }
}

resource "aws_s3_bucket" "inline_perhaps_off_near" { # PASSED
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = var.bucket
      destination {
        bucket = aws_s3_bucket.near.arn
      }
    }
  }
}

resource "aws_s3_bucket" "inline_second_far" { # FAILED
  replication_configuration {
    role = "arn:aws:iam::123456789012:role/replication"
    rules {
      status = "Enabled"
      destination {
        bucket = aws_s3_bucket.near.arn
      }
    }
    rules {
      status = "Enabled"
      destination {
        bucket = aws_s3_bucket.far.arn
      }
    }
  }
}
