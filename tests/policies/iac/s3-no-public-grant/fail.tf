resource "aws_s3_bucket" "read" { # FAILED
  bucket = "read"
  acl    = "public-read"
}

resource "aws_s3_bucket" "write" { # FAILED
  bucket = "write"
  acl    = "public-read-write"
}

resource "aws_s3_bucket_policy" "anybody" { # FAILED
  bucket = "anybody"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::anybody/*" }]
  })
}

resource "aws_s3_bucket_acl" "grants" { # FAILED
  bucket = "grants"

  access_control_policy {
    grant {
      permission = "FULL_CONTROL"

      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AllUsers"
      }
    }

    owner {
      id = "0000000000000000000000000000000000000000000000000000000000000000"
    }
  }
}

resource "aws_s3_bucket_acl" "any_customer" { # FAILED
  bucket = "any-customer"

  access_control_policy {
    grant {
      permission = "READ"

      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
      }
    }

    owner {
      id = "0000000000000000000000000000000000000000000000000000000000000000"
    }
  }
}

resource "aws_s3_bucket" "any_customer" { # FAILED
  bucket = "any-customer"
  acl    = "authenticated-read"
}

resource "aws_s3_bucket" "named" {
  bucket = "named"
}

resource "aws_s3_bucket_acl" "read" { # FAILED
  bucket = aws_s3_bucket.named.id
  acl    = "public-read"
}

resource "aws_s3_bucket_acl" "one_of_two" { # FAILED
  bucket = "one-of-two"

  access_control_policy {
    grant {
      permission = "FULL_CONTROL"

      grantee {
        type = "CanonicalUser"
        id   = "0000000000000000000000000000000000000000000000000000000000000000"
      }
    }

    grant {
      permission = "READ"

      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AllUsers"
      }
    }

    owner {
      id = "0000000000000000000000000000000000000000000000000000000000000000"
    }
  }
}

resource "aws_s3_bucket" "in_the_old_way" { # FAILED
  bucket = "in-the-old-way"

  grant {
    type        = "Group"
    permissions = ["READ_ACP"]
    uri         = "https://acs.amazonaws.com/groups/global/AllUsers"
  }
}
