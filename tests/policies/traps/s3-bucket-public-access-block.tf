resource "aws_s3_bucket" "nothing" { # FAILED
  bucket = "nothing"
}
resource "aws_s3_bucket" "all" { # PASSED
  bucket = "all"
}
resource "aws_s3_bucket_public_access_block" "all" {
  bucket                  = aws_s3_bucket.all.id
  block_public_acls       = "1"
  block_public_policy     = "true"
  ignore_public_acls      = true
  restrict_public_buckets = "1"
}
resource "aws_s3_bucket_public_access_block" "half" { # FAILED
  bucket              = "half"
  block_public_acls   = true
  block_public_policy = true
}
resource "aws_s3_bucket_public_access_block" "zero" { # FAILED
  bucket                  = "zero"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = "0"
  restrict_public_buckets = true
}
resource "aws_s3_bucket_public_access_block" "null" { # FAILED
  bucket                  = "null"
  block_public_acls       = null
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket" "off" { # FAILED
  bucket = "off"
}
resource "aws_s3_bucket_public_access_block" "off" {
  bucket                  = aws_s3_bucket.off.id
  block_public_acls       = "0"
  block_public_policy     = "false"
  ignore_public_acls      = false
  restrict_public_buckets = "false"
}
resource "aws_s3_bucket" "twice" { # UNKNOWN
  bucket = "twice"
}
resource "aws_s3_bucket_public_access_block" "twice" {
  bucket                  = aws_s3_bucket.twice.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_public_access_block" "twice_off" {
  bucket = aws_s3_bucket.twice.id
}
resource "aws_s3_bucket" "longer" { # FAILED
  bucket = "longer"
}
resource "aws_s3_bucket_public_access_block" "longer" { # PASSED
  bucket                  = "${aws_s3_bucket.longer.bucket}-logs"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
