resource "aws_s3_bucket_policy" "all_but_another_service" { # PASSED
  bucket = "b"
  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", NotAction = "iam:*", Resource = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}
resource "aws_s3_bucket_policy" "all_but_reading" { # FAILED
  bucket = "b"
  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", NotAction = "s3:GetObject", Resource = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}
resource "aws_s3_bucket_policy" "all_but_a_folder" { # FAILED
  bucket = "b"
  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", NotResource = "arn:aws:s3:::b/public/*", Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}
resource "aws_s3_bucket_policy" "all_but_one" { # FAILED
  bucket = "b"
  policy = jsonencode({ Statement = [{ Effect = "Deny", NotPrincipal = { AWS = "arn:aws:iam::111122223333:role/x" }, Action = "s3:*", Resource = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}
