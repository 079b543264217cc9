provider "aws" {
  region = "eu-west-3"
}

resource "aws_db_snapshot_copy" "second_site" {
  source_db_snapshot_identifier = "arn:aws:rds:eu-west-3:111122223333:snapshot:orders"
  target_db_snapshot_identifier = "orders-copy"
  destination_region            = "eu-west-1"
}

resource "aws_db_snapshot_copy" "same_region" {
  source_db_snapshot_identifier = "arn:aws:rds:eu-west-3:111122223333:snapshot:orders"
  target_db_snapshot_identifier = "orders-copy"
}

resource "aws_efs_replication_configuration" "second_site" {
  source_file_system_id = "fs-12345678"

  destination {
    region = "eu-west-1"
  }
}

resource "aws_imagebuilder_distribution_configuration" "second_site" {
  name = "images"

  distribution {
    region = "eu-west-1"
  }
}

resource "aws_cloudfront_distribution" "shielded" {
  enabled = true

  origin {
    origin_id   = "a"
    domain_name = "a.example.org"

    origin_shield {
      enabled              = true
      origin_shield_region = "eu-west-1"
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

resource "aws_cloudfront_distribution" "shield_off" {
  enabled = true

  origin {
    origin_id   = "a"
    domain_name = "a.example.org"

    origin_shield {
      enabled              = false
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

resource "aws_codepipeline" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/pipeline"

  artifact_store {
    location = "b1"
    type     = "S3"
    region   = "eu-west-3"
  }
}

resource "aws_ssm_resource_data_sync" "inventory" {
  name = "inventory"

  s3_destination {
    bucket_name = "inventory"
    region      = "eu-west-3"
  }
}
