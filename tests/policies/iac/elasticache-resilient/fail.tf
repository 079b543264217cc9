resource "aws_elasticache_replication_group" "nothing" { # FAILED
  replication_group_id = "nothing"
  description          = "nothing"
}

resource "aws_elasticache_replication_group" "of_a_test" {
  replication_group_id = "of-a-test"
  description          = "of a test"
  tags                 = { Environment = "test" }
}
