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
resource "aws_s3_bucket_policy" "of_another_bucket" { # FAILED
  bucket = "b"
  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = ["arn:aws:s3:::other", "arn:aws:s3:::other/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}
resource "aws_s3_bucket_policy" "of_another_beginning" { # FAILED
  bucket = "b"
  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = ["arn:aws:s3:::bu*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}
resource "aws_s3_bucket_policy" "of_a_beginning" { # PASSED
  bucket = "logs-b"
  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = ["arn:aws-cn:s3:::logs-*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}
resource "aws_s3_bucket" "named" { # NOTHING
  bucket = "b"
}
resource "aws_s3_bucket_policy" "of_another_than_it_names" { # FAILED
  bucket = aws_s3_bucket.named.id
  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = ["arn:aws:s3:::other", "arn:aws:s3:::other/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}
data "aws_iam_policy_document" "tls" { # NOTHING
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.merged.arn, "${aws_s3_bucket.merged.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
data "aws_iam_policy_document" "merged" { # NOTHING
  source_policy_documents = compact([data.aws_iam_policy_document.tls.json, "", null])
}
resource "aws_s3_bucket" "merged" { # NOTHING
  bucket_prefix = "logs"
}
resource "aws_s3_bucket_policy" "merged" { # PASSED
  bucket = aws_s3_bucket.merged.id
  policy = data.aws_iam_policy_document.merged.json
}
resource "aws_s3_bucket" "without_a_policy" { # FAILED
  bucket = "alone"
}
