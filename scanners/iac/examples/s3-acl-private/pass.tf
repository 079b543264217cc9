resource "aws_s3_bucket" "private" {
  bucket = "private"
  acl    = "private"
}

resource "aws_s3_bucket_acl" "private" {
  bucket = aws_s3_bucket.private.id
  acl    = "private"
}

resource "aws_s3_bucket_acl" "null" {
  bucket = aws_s3_bucket.private.id
  acl    = null
}

resource "aws_s3_bucket" "says_nothing" {
  bucket = "says-nothing"
}

resource "aws_s3_bucket_acl" "logs" {
  bucket = "logs"

  access_control_policy {
    grant {
      permission = "WRITE"

      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/s3/LogDelivery"
      }
    }

    owner {
      id = "0000000000000000000000000000000000000000000000000000000000000000"
    }
  }
}
