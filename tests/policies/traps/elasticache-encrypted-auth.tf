variable "token" {
  type = string
}
resource "aws_elasticache_replication_group" "token_not_known" { # UNKNOWN
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = var.token
}
resource "aws_elasticache_replication_group" "empty_token" { # FAILED
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = ""
}
resource "aws_elasticache_replication_group" "valkey" { # PASSED
  engine                     = "valkey"
  transit_encryption_enabled = true
  user_group_ids             = ["shop"]
}
resource "aws_elasticache_replication_group" "valkey_off" { # FAILED
  engine                     = "valkey"
  at_rest_encryption_enabled = false
  transit_encryption_enabled = true
  user_group_ids             = ["shop"]
}
resource "aws_elasticache_replication_group" "valkey_in_transit" { # UNKNOWN
  engine         = "valkey"
  user_group_ids = ["shop"]
}
resource "aws_elasticache_replication_group" "null" { # FAILED
  at_rest_encryption_enabled = null
  transit_encryption_enabled = true
  user_group_ids             = ["shop"]
}
resource "aws_elasticache_replication_group" "other_case" { # PASSED
  at_rest_encryption_enabled = "True"
  transit_encryption_enabled = true
  user_group_ids             = ["shop"]
}
resource "aws_elasticache_replication_group" "of_a_global_store" { # UNKNOWN
  global_replication_group_id = "global"
  user_group_ids              = ["shop"]
}
resource "aws_elasticache_cluster" "of_a_group" { # NOTHING
  replication_group_id = aws_elasticache_replication_group.valkey.id
}
resource "aws_elasticache_serverless_cache" "memcached" { # NOTHING
  engine = "memcached"
}
resource "aws_elasticache_cluster" "engine_not_known" { # UNKNOWN
  engine                     = var.token
  transit_encryption_enabled = true
}
