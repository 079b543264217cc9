resource "aws_s3_bucket" "bare" { # FAILED
  bucket = "bare"
}

resource "aws_s3_bucket" "neighbour" {
  bucket = "neighbour"
}

resource "aws_s3_bucket_policy" "neighbour" {
  bucket = aws_s3_bucket.neighbour.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::neighbour", "arn:aws:s3:::neighbour/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
