resource "aws_s3_bucket" "read" { # FAILED
  acl = "public-read"
}
resource "aws_s3_bucket" "customers" { # FAILED
  acl = "authenticated-read"
}
resource "aws_s3_bucket" "null" { # PASSED
  acl = null
}
resource "aws_s3_bucket_acl" "customers" { # FAILED
  acl = "authenticated-read"
}
resource "aws_s3_bucket_acl" "second_grant" { # FAILED
  access_control_policy {
    grant {
      permission = "FULL_CONTROL"
      grantee {
        type = "CanonicalUser"
        id   = "1"
      }
    }
    grant {
      permission = "READ_ACP"
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AllUsers"
      }
    }
  }
}
resource "aws_s3_bucket_acl" "null" { # PASSED
  acl = null
}
resource "aws_s3_object" "public" { # FAILED
  bucket = "site"
  key    = "customers.csv"
  acl    = "public-read"
}
resource "aws_s3_bucket_object" "authenticated" { # FAILED
  bucket = "site"
  key    = "customers.csv"
  acl    = "authenticated-read"
}
resource "aws_s3_object" "private" { # PASSED
  bucket = "site"
  key    = "customers.csv"
  acl    = "private"
}
resource "aws_s3_object" "without" { # NOTHING
  bucket = "site"
  key    = "customers.csv"
}
resource "aws_s3_object_copy" "granted" { # FAILED
  bucket = "site"
  key    = "customers.csv"
  source = "other/customers.csv"
  grant {
    uri         = "http://acs.amazonaws.com/groups/global/AllUsers"
    type        = "Group"
    permissions = ["READ"]
  }
}
