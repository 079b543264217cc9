provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
}

resource "aws_dynamodb_table" "one_replica" { # FAILED
  name     = "carts"
  hash_key = "id"

  replica {
    region_name = "us-east-1"
  }
}

resource "aws_dynamodb_table" "one_of_two" { # FAILED
  name     = "orders"
  hash_key = "id"

  replica {
    region_name = "eu-west-1"
  }
  replica {
    region_name = "us-east-1"
  }
}

resource "aws_dynamodb_table_replica" "orders" { # FAILED
  region           = "us-east-1"
  global_table_arn = "arn:aws:dynamodb:eu-west-3:123456789012:table/history"
}

resource "aws_dynamodb_table" "witness" { # FAILED
  name     = "ledger"
  hash_key = "id"

  replica {
    region_name      = "eu-west-1"
    consistency_mode = "STRONG"
  }
  global_table_witness {
    region_name = "us-east-1"
  }
}

resource "aws_dynamodb_table" "copied" { # FAILED
  name     = "copied"
  hash_key = "id"

  lifecycle {
    ignore_changes = [replica]
  }
}

resource "aws_dynamodb_table_replica" "by_provider" { # FAILED
  provider         = aws.virginia
  global_table_arn = aws_dynamodb_table.copied.arn
}
