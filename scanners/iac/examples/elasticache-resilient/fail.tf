resource "aws_elasticache_replication_group" "nothing" { # FAILED
  replication_group_id = "nothing"
  description          = "nothing"
}

resource "aws_elasticache_replication_group" "one_zone" { # FAILED
  replication_group_id       = "one-zone"
  description                = "one zone"
  automatic_failover_enabled = true
}
