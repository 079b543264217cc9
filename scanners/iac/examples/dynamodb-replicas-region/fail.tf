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
  global_table_arn = "arn:aws:dynamodb:eu-west-3:123456789012:table/orders"
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
