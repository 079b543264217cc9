resource "aws_dynamodb_table" "no_way_back" { # FAILED
  name     = "orders"
  hash_key = "id"
}

resource "aws_dynamodb_table" "one_day_back" { # FAILED
  name     = "orders"
  hash_key = "id"

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 1
  }
}
