resource "aws_elasticache_replication_group" "open" { # FAILED
  replication_group_id = "open"
  description          = "open"
}

resource "aws_elasticache_replication_group" "in_clear" { # FAILED
  replication_group_id       = "clear"
  description                = "clear"
  at_rest_encryption_enabled = true
  transit_encryption_enabled = false
  user_group_ids             = ["shop"]
}

resource "aws_elasticache_replication_group" "takes_both" { # FAILED
  replication_group_id       = "both"
  description                = "both"
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "preferred"
  user_group_ids             = ["shop"]
}

resource "aws_elasticache_replication_group" "no_password" { # FAILED
  replication_group_id       = "nobody"
  description                = "nobody"
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
}

resource "aws_elasticache_cluster" "redis_alone" { # FAILED
  cluster_id = "alone"
  engine     = "redis"
}

resource "aws_elasticache_cluster" "pages" { # FAILED
  cluster_id = "pages"
  engine     = "memcached"
}

resource "aws_elasticache_serverless_cache" "carts" { # FAILED
  name   = "carts"
  engine = "valkey"
}

resource "aws_elasticache_user_group" "anybody" {
  engine        = "redis"
  user_group_id = "anybody"
  user_ids      = ["default"]
}

resource "aws_elasticache_replication_group" "anybody" { # FAILED
  replication_group_id       = "anybody"
  description                = "anybody"
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.anybody.user_group_id]
}
