resource "aws_db_snapshot_copy" "away" { # FAILED
  source_db_snapshot_identifier = "arn:aws:rds:eu-west-3:111122223333:snapshot:orders"
  target_db_snapshot_identifier = "orders-copy"
  destination_region            = "us-east-1"
}

resource "aws_rds_cluster_snapshot_copy" "away" { # FAILED
  source_db_cluster_snapshot_identifier = "orders"
  target_db_cluster_snapshot_identifier = "orders-copy"
  destination_region                    = "us-east-1"
}

resource "aws_imagebuilder_distribution_configuration" "away" { # FAILED
  name = "images"

  distribution {
    region = "eu-west-3"
  }

  distribution {
    region = "us-east-1"
  }
}

resource "aws_efs_replication_configuration" "away" { # FAILED
  source_file_system_id = "fs-12345678"

  destination {
    region = "us-east-1"
  }
}

resource "aws_dlm_lifecycle_policy" "away" { # FAILED
  description        = "snapshots"
  execution_role_arn = "arn:aws:iam::111122223333:role/dlm"

  policy_details {
    resource_types = ["VOLUME"]

    schedule {
      name = "daily"

      create_rule {
        interval = 24
      }

      retain_rule {
        count = 7
      }

      cross_region_copy_rule {
        target    = "us-east-1"
        encrypted = true
      }
    }
  }
}

resource "aws_keyspaces_keyspace" "away" { # FAILED
  name = "orders"

  replication_specification {
    replication_strategy = "MULTI_REGION"
    region_list          = ["eu-west-3", "us-east-1"]
  }
}

resource "aws_cloudfront_distribution" "shielded_away" { # FAILED
  enabled = true

  origin {
    origin_id   = "a"
    domain_name = "a.example.org"

    origin_shield {
      enabled              = true
      origin_shield_region = "us-east-1"
    }
  }

  origin {
    origin_id   = "b"
    domain_name = "b.example.org"
  }

  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "a"
    viewer_protocol_policy = "https-only"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

resource "aws_codepipeline" "stored_elsewhere" { # FAILED
  name     = "stored-elsewhere"
  role_arn = "arn:aws:iam::123456789012:role/pipeline"

  artifact_store {
    location = "b2"
    type     = "S3"
    region   = "us-east-1"
  }
}

resource "aws_ssm_resource_data_sync" "inventory" { # FAILED
  name = "inventory"

  s3_destination {
    bucket_name = "inventory"
    region      = "us-east-1"
  }
}
