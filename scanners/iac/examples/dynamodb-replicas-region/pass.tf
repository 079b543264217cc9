provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "ireland"
  region = "eu-west-1"
}

resource "aws_dynamodb_table" "alone" {
  name     = "sessions"
  hash_key = "id"
}

resource "aws_dynamodb_table" "one_replica" {
  name     = "carts"
  hash_key = "id"

  replica {
    region_name = "eu-west-1"
  }
}

resource "aws_dynamodb_table" "two_replicas" {
  name     = "orders"
  hash_key = "id"

  replica {
    region_name = "eu-west-1"
  }
  replica {
    region_name = "eu-central-1"
  }
}

resource "aws_dynamodb_table_replica" "orders" {
  region           = "eu-west-1"
  global_table_arn = "arn:aws:dynamodb:eu-west-3:123456789012:table/orders"
}

resource "aws_dynamodb_table" "witness" {
  name     = "ledger"
  hash_key = "id"

  replica {
    region_name      = "eu-west-1"
    consistency_mode = "STRONG"
  }
  global_table_witness {
    region_name = "eu-central-1"
  }
}

resource "aws_dynamodb_table" "copied" {
  name     = "copied"
  hash_key = "id"

  lifecycle {
    ignore_changes = [replica]
  }
}

resource "aws_dynamodb_table_replica" "by_provider" {
  provider         = aws.ireland
  global_table_arn = aws_dynamodb_table.copied.arn
}
