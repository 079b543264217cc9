resource "aws_elasticache_replication_group" "null" { # FAILED
  multi_az_enabled           = null
  automatic_failover_enabled = true
}
variable "zones" {
  type = bool
}
resource "aws_elasticache_replication_group" "variable" { # UNKNOWN
  multi_az_enabled           = var.zones
  automatic_failover_enabled = true
}
resource "aws_elasticache_replication_group" "surely_not" { # FAILED
  multi_az_enabled           = var.zones
  automatic_failover_enabled = false
}
