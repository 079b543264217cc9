resource "aws_s3_bucket" "inline" {
  bucket = "inline"
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::inline", "arn:aws:s3:::inline/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket" "beside" {
  bucket = "beside"
}

resource "aws_s3_bucket_policy" "beside" {
  bucket = aws_s3_bucket.beside.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::beside", "arn:aws:s3:::beside/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket" "each" {
  for_each      = toset(["a", "b"])
  bucket_prefix = "each"
}

resource "aws_s3_bucket_policy" "each" {
  for_each = aws_s3_bucket.each
  bucket   = each.value.id
  policy   = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
