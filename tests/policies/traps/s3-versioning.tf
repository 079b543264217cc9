resource "aws_s3_bucket" "nothing" { # FAILED
  bucket = "nothing"
}
resource "aws_s3_bucket" "suspended" { # FAILED
  bucket = "suspended"
}
resource "aws_s3_bucket_versioning" "suspended" {
  bucket = aws_s3_bucket.suspended.id
  versioning_configuration {
    status = "Suspended"
  }
}
resource "aws_s3_bucket" "enabled" { # PASSED
  bucket = "enabled"
}
resource "aws_s3_bucket_versioning" "enabled" {
  bucket = aws_s3_bucket.enabled.bucket
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "by_its_name" { # PASSED
  bucket = "by-its-name"
}
resource "aws_s3_bucket_versioning" "by_its_name" {
  bucket = "by-its-name"
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "inline" { # PASSED
  versioning {
    enabled = "1"
  }
}
resource "aws_s3_bucket" "inline_off" { # FAILED
  versioning {
    enabled = "false"
  }
}
variable "on" {
  type = bool
}
resource "aws_s3_bucket" "perhaps" { # UNKNOWN
  bucket = "perhaps"
}
resource "aws_s3_bucket_versioning" "perhaps" {
  count  = var.on ? 1 : 0
  bucket = aws_s3_bucket.perhaps.id
  versioning_configuration {
    status = "Enabled"
  }
}
variable "status" {}
resource "aws_s3_bucket" "status_not_known" { # UNKNOWN
  bucket = "status-not-known"
}
resource "aws_s3_bucket_versioning" "status_not_known" {
  bucket = aws_s3_bucket.status_not_known.id
  versioning_configuration {
    status = var.status
  }
}
locals {
  buckets = toset(["a", "b"])
}
resource "aws_s3_bucket" "each" { # PASSED
  for_each = local.buckets
  bucket   = each.key
}
resource "aws_s3_bucket_versioning" "each" {
  for_each = aws_s3_bucket.each
  bucket   = each.value.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "twice" { # UNKNOWN
  bucket = "twice"
}
resource "aws_s3_bucket_versioning" "twice_on" {
  bucket = aws_s3_bucket.twice.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_versioning" "twice_off" {
  bucket = aws_s3_bucket.twice.id
  versioning_configuration {
    status = "Suspended"
  }
}
resource "aws_s3_bucket" "inline_off_and_beside_on" { # FAILED
  versioning {
    enabled = false
  }
}
resource "aws_s3_bucket_versioning" "inline_off_and_beside_on" {
  bucket = aws_s3_bucket.inline_off_and_beside_on.id
  versioning_configuration {
    status = "Enabled"
  }
}
