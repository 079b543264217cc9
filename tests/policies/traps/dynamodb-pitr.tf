resource "aws_dynamodb_table" "text_one" { # PASSED
  point_in_time_recovery {
    enabled = "1"
  }
}
resource "aws_dynamodb_table" "text_zero" { # FAILED
  point_in_time_recovery {
    enabled = "0"
  }
}
resource "aws_dynamodb_table" "nothing" { # FAILED
  name = "x"
}
resource "aws_dynamodb_table" "null" { # FAILED
  point_in_time_recovery {
    enabled = null
  }
}
resource "aws_dynamodb_table" "replica_without" { # FAILED
  point_in_time_recovery {
    enabled = true
  }
  replica {
    region_name = "eu-west-1"
  }
}
resource "aws_dynamodb_table" "second_replica" { # FAILED
  point_in_time_recovery {
    enabled = true
  }
  replica {
    region_name            = "eu-west-1"
    point_in_time_recovery = true
  }
  replica {
    region_name            = "eu-central-1"
    point_in_time_recovery = false
  }
}
resource "aws_dynamodb_table" "replica_with" { # PASSED
  point_in_time_recovery {
    enabled = true
  }
  replica {
    region_name            = "eu-west-1"
    point_in_time_recovery = "true"
  }
}
resource "aws_dynamodb_table_replica" "without" { # FAILED
  global_table_arn = "arn:aws:dynamodb:eu-west-3:111122223333:table/x"
}

resource "aws_keyspaces_table" "says_nothing" { # FAILED
  table_name = "orders"
}

resource "aws_keyspaces_table" "kept" { # PASSED
  point_in_time_recovery {
    status = "ENABLED"
  }
}
