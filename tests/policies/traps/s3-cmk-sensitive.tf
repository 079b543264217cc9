resource "aws_kms_key" "own" {
  enable_key_rotation = true
}
resource "aws_s3_bucket" "key_of_aws" { # FAILED
  bucket = "key-of-aws"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "key_of_aws" {
  bucket = aws_s3_bucket.key_of_aws.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}
resource "aws_s3_bucket" "alias_of_aws" { # FAILED
  bucket = "alias-of-aws"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "alias_of_aws" {
  bucket = aws_s3_bucket.alias_of_aws.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "alias/aws/s3"
    }
  }
}
resource "aws_s3_bucket" "own" { # PASSED
  bucket = "own"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "own" {
  bucket = aws_s3_bucket.own.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms:dsse"
      kms_master_key_id = aws_kms_key.own.arn
    }
  }
}
resource "aws_s3_bucket" "key_for_nothing" { # FAILED
  bucket = "key-for-nothing"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "key_for_nothing" {
  bucket = aws_s3_bucket.key_for_nothing.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "AES256"
      kms_master_key_id = aws_kms_key.own.arn
    }
  }
}
resource "aws_s3_bucket" "inline" { # PASSED
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = aws_kms_key.own.arn
      }
    }
  }
}
resource "aws_s3_bucket" "nothing" { # FAILED
  bucket = "nothing"
}
variable "key" {}
resource "aws_s3_bucket" "key_not_known" { # UNKNOWN
  bucket = "key-not-known"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "key_not_known" {
  bucket = aws_s3_bucket.key_not_known.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.key
    }
  }
}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}
data "aws_kms_alias" "of_aws" {
  name = "alias/aws/s3"
}
data "aws_kms_key" "of_aws" {
  key_id = "alias/aws/s3"
}
data "aws_kms_alias" "own" {
  name = "alias/storage"
}
variable "alias" {
  type = string
}
data "aws_kms_alias" "any" {
  name = "alias/${var.alias}"
}
resource "aws_s3_bucket" "arn_of_aws" { # FAILED
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = "arn:aws:kms:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:alias/aws/s3"
      }
    }
  }
}
resource "aws_s3_bucket" "arn_of_own" { # PASSED
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = "arn:aws:kms:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:alias/storage"
      }
    }
  }
}
resource "aws_s3_bucket" "any_service_of_aws" { # FAILED
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = "alias/aws/${var.alias}"
      }
    }
  }
}
resource "aws_s3_bucket" "looked_up_alias_of_aws" { # FAILED
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = data.aws_kms_alias.of_aws.target_key_arn
      }
    }
  }
}
resource "aws_s3_bucket" "looked_up_key_of_aws" { # FAILED
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = data.aws_kms_key.of_aws.arn
      }
    }
  }
}
resource "aws_s3_bucket" "looked_up_own" { # PASSED
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = data.aws_kms_alias.own.arn
      }
    }
  }
}
resource "aws_s3_bucket" "looked_up_any" { # UNKNOWN
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = data.aws_kms_alias.any.target_key_id
      }
    }
  }
}
