resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "sessions"
  multi_az_enabled           = true
  automatic_failover_enabled = true
}
