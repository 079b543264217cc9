resource "aws_s3_bucket" "no_versions" { # FAILED
  bucket = "shop-terraform-state"
}

resource "aws_s3_bucket_public_access_block" "no_versions" {
  bucket                  = aws_s3_bucket.no_versions.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket" "open" { # FAILED
  bucket = "open-tf-state"
}

resource "aws_s3_bucket_versioning" "open" {
  bucket = aws_s3_bucket.open.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "open" {
  bucket              = aws_s3_bucket.open.id
  block_public_acls   = true
  block_public_policy = true
  ignore_public_acls  = true
}

resource "aws_s3_bucket" "photos" {
  bucket = "photos"
}

resource "aws_s3_bucket" "of_tofu" { # FAILED
  bucket = "shop-tofu-backend"
}

resource "aws_s3_bucket" "remote" { # FAILED
  bucket_prefix = "tf-remote-state-"
}
