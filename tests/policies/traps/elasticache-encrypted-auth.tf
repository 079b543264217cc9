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
  user_group_ids             = [aws_elasticache_user_group.closed.id]
}
resource "aws_elasticache_replication_group" "valkey_off" { # FAILED
  engine                     = "valkey"
  at_rest_encryption_enabled = false
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.closed.id]
}
resource "aws_elasticache_replication_group" "valkey_in_transit" { # UNKNOWN
  engine         = "valkey"
  user_group_ids = [aws_elasticache_user_group.closed.id]
}
resource "aws_elasticache_replication_group" "null" { # FAILED
  at_rest_encryption_enabled = null
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.closed.id]
}
resource "aws_elasticache_replication_group" "other_case" { # PASSED
  at_rest_encryption_enabled = "True"
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.closed.id]
}
resource "aws_elasticache_replication_group" "of_a_global_store" { # UNKNOWN
  global_replication_group_id = "global"
  user_group_ids              = [aws_elasticache_user_group.closed.id]
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
resource "aws_elasticache_user" "open" { # FAILED
  user_id              = "open"
  user_name            = "default"
  engine               = "redis"
  access_string        = "on ~* +@all"
  no_password_required = true
}
resource "aws_elasticache_user" "open_by_its_mode" { # FAILED
  user_id       = "open2"
  user_name     = "shop"
  engine        = "redis"
  access_string = "on ~* +@all"
  authentication_mode {
    type = "no-password-required"
  }
}
resource "aws_elasticache_user" "off" { # PASSED
  user_id              = "off"
  user_name            = "default"
  engine               = "redis"
  access_string        = "off -@all"
  no_password_required = true
}
resource "aws_elasticache_user" "with_a_password" { # UNKNOWN
  user_id              = "shop"
  user_name            = "shop"
  engine               = "redis"
  access_string        = "on ~* +@all"
  passwords            = [var.token]
  no_password_required = var.token == "x"
}
resource "aws_elasticache_user" "of_iam" { # PASSED
  user_id       = "iam"
  user_name     = "iam"
  engine        = "redis"
  access_string = "on ~* +@all"
  authentication_mode {
    type = "iam"
  }
}
resource "aws_elasticache_user_group" "open" { # NOTHING
  engine        = "redis"
  user_group_id = "open"
  user_ids      = [aws_elasticache_user.off.user_id, aws_elasticache_user.open.user_id]
}
resource "aws_elasticache_replication_group" "of_an_open_group" { # FAILED
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.open.user_group_id]
}
resource "aws_elasticache_user_group" "joined" { # NOTHING
  engine        = "redis"
  user_group_id = "joined"
  user_ids      = [aws_elasticache_user.off.user_id]
}
resource "aws_elasticache_user_group_association" "joined" { # NOTHING
  user_group_id = aws_elasticache_user_group.joined.user_group_id
  user_id       = aws_elasticache_user.open_by_its_mode.user_id
}
resource "aws_elasticache_serverless_cache" "of_a_joined_group" { # FAILED
  engine        = "redis"
  user_group_id = aws_elasticache_user_group.joined.id
}
resource "aws_elasticache_user_group" "closed" { # NOTHING
  engine        = "redis"
  user_group_id = "closed"
  user_ids      = [aws_elasticache_user.off.user_id, aws_elasticache_user.of_iam.user_id]
}
resource "aws_elasticache_replication_group" "of_a_closed_group" { # PASSED
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.closed.user_group_id]
}

resource "aws_dax_cluster" "in_clear" { # FAILED
  server_side_encryption {
    enabled = true
  }
}

resource "aws_dax_cluster" "encrypted" { # PASSED
  cluster_endpoint_encryption_type = "TLS"

  server_side_encryption {
    enabled = true
  }
}

resource "aws_memorydb_cluster" "open" { # FAILED
  acl_name = "open-access"
}

resource "aws_memorydb_acl" "application" {
  name       = "application"
  user_names = [aws_memorydb_user.application.user_name]
}

resource "aws_memorydb_user" "application" {
  user_name     = "application"
  access_string = "on ~app:* +@read"
  authentication_mode {
    type = "iam"
  }
}

resource "aws_memorydb_cluster" "asks" { # PASSED
  acl_name = aws_memorydb_acl.application.name
}

resource "aws_memorydb_acl" "with_default" {
  name       = "open"
  user_names = ["default", aws_memorydb_user.application.user_name]
}

resource "aws_memorydb_cluster" "of_the_default_user" { # FAILED
  acl_name = aws_memorydb_acl.with_default.id
}

resource "aws_memorydb_cluster" "acl_of_elsewhere" { # UNKNOWN
  acl_name = "application"
}

resource "aws_elasticache_replication_group" "group_of_elsewhere" { # UNKNOWN
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  user_group_ids             = ["shop"]
}

resource "aws_elasticache_serverless_cache" "group_of_elsewhere" { # UNKNOWN
  engine        = "valkey"
  user_group_id = "shop"
}

resource "aws_elasticache_user_group" "with_default" {
  engine        = "redis"
  user_group_id = "with-default"
  user_ids      = ["default", aws_elasticache_user.of_iam.user_id]
}

resource "aws_elasticache_replication_group" "of_the_default_user" { # FAILED
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.with_default.user_group_id]
}

resource "aws_elasticache_serverless_cache" "of_the_default_user" { # FAILED
  engine        = "redis"
  user_group_id = aws_elasticache_user_group.with_default.user_group_id
}

resource "aws_elasticache_user_group" "user_of_elsewhere" {
  engine        = "redis"
  user_group_id = "elsewhere"
  user_ids      = ["reader", aws_elasticache_user.of_iam.user_id]
}

resource "aws_elasticache_replication_group" "user_of_elsewhere" { # UNKNOWN
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.user_of_elsewhere.user_group_id]
}

resource "aws_elasticache_user_group" "default_joined" {
  engine        = "redis"
  user_group_id = "default-joined"
  user_ids      = [aws_elasticache_user.of_iam.user_id]
}

resource "aws_elasticache_user_group_association" "default_joined" {
  user_group_id = aws_elasticache_user_group.default_joined.user_group_id
  user_id       = "default"
}

resource "aws_elasticache_replication_group" "default_joined" { # FAILED
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.default_joined.id]
}

resource "aws_elasticache_user" "off_then_on" { # FAILED
  user_id              = "off-on"
  user_name            = "default"
  engine               = "redis"
  access_string        = "off ~* +@all on"
  no_password_required = true
}

resource "aws_elasticache_user" "on_then_off" { # PASSED
  user_id              = "on-off"
  user_name            = "default"
  engine               = "redis"
  access_string        = "on ~on +@all off -@all"
  no_password_required = true
}

resource "aws_elasticache_user" "open_in_capitals" { # FAILED
  user_id       = "open3"
  user_name     = "shop"
  engine        = "redis"
  access_string = "ON ~* +@all"
  authentication_mode {
    type = "No-Password-Required"
  }
}
