resource "aws_dynamodb_table" "nothing" { # FAILED
  name = "x"
}
resource "aws_dynamodb_table" "text_zero" { # FAILED
  ttl {
    attribute_name = "until"
    enabled        = "0"
  }
}
resource "aws_dynamodb_table" "text_one" { # PASSED
  ttl {
    attribute_name = "until"
    enabled        = "1"
  }
}
resource "aws_dynamodb_table" "null" { # FAILED
  ttl {
    attribute_name = "until"
    enabled        = null
  }
}
provider "aws" {} # NOTHING
