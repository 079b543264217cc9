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
