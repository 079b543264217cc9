resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "sessions"
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  user_group_ids             = ["shop"]
}

resource "aws_elasticache_cluster" "pages" {
  cluster_id                 = "pages"
  engine                     = "memcached"
  transit_encryption_enabled = true
}

resource "aws_elasticache_serverless_cache" "carts" {
  name          = "carts"
  engine        = "valkey"
  user_group_id = "shop"
}
