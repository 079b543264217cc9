resource "aws_dynamodb_table" "recoverable" {
  name     = "orders"
  hash_key = "id"

  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_dynamodb_table" "a_week_back" {
  name     = "sessions"
  hash_key = "id"

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 7
  }
}
