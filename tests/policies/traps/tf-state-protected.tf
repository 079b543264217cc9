resource "aws_s3_bucket" "no_name" { # NOTHING
  tags = { Use = "terraform state" }
}
variable "name" {
  type = string
}
resource "aws_s3_bucket" "name_not_known" { # UNKNOWN
  bucket = var.name
}
resource "aws_s3_bucket" "by_its_name" { # PASSED
  bucket = "tfstate-by-name"
}
resource "aws_s3_bucket_versioning" "by_its_name" {
  bucket = "tfstate-by-name"
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_public_access_block" "by_its_name" {
  bucket                  = "tfstate-by-name"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket" "suspended" { # FAILED
  bucket = "tfstate-suspended"
}
resource "aws_s3_bucket_versioning" "suspended" {
  bucket = aws_s3_bucket.suspended.id
  versioning_configuration {
    status = "Suspended"
  }
}
resource "aws_s3_bucket" "no_block" { # UNKNOWN
  bucket = "tfstate-no-block"
}
resource "aws_s3_bucket_versioning" "no_block" {
  bucket = aws_s3_bucket.no_block.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket" "of_another_application" { # FAILED
  bucket_prefix = "terraform-state-"
}
resource "aws_s3_bucket" "whatever_its_name" { # PASSED
  bucket = "${var.name}-x"
}
resource "aws_s3_bucket_versioning" "whatever_its_name" {
  bucket = aws_s3_bucket.whatever_its_name.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_public_access_block" "whatever_its_name" {
  bucket                  = aws_s3_bucket.whatever_its_name.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
