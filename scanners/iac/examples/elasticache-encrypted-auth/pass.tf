resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "sessions"
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.shop.user_group_id]
}

resource "aws_elasticache_cluster" "pages" {
  cluster_id                 = "pages"
  engine                     = "memcached"
  transit_encryption_enabled = true
}

resource "aws_elasticache_serverless_cache" "carts" {
  name          = "carts"
  engine        = "valkey"
  user_group_id = aws_elasticache_user_group.shop.user_group_id
}

resource "aws_elasticache_user_group" "shop" {
  engine        = "valkey"
  user_group_id = "shop"
  user_ids      = [aws_elasticache_user.shop.user_id]
}

resource "aws_elasticache_user" "shop" {
  user_id       = "shop"
  user_name     = "shop"
  engine        = "valkey"
  access_string = "on ~shop:* +@read"
  authentication_mode {
    type = "iam"
  }
}
