provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
}

resource "aws_db_instance" "replica" { # FAILED
  provider            = aws.virginia
  instance_class      = "db.t4g.medium"
  replicate_source_db = "arn:aws:rds:eu-west-3:123456789012:db:shop"
}

resource "aws_rds_cluster" "second" { # FAILED
  region                    = "ap-south-1"
  engine                    = "aurora-postgresql"
  global_cluster_identifier = "shop"
}

resource "aws_db_instance_automated_backups_replication" "shop" { # FAILED
  provider               = aws.virginia
  source_db_instance_arn = "arn:aws:rds:eu-west-3:123456789012:db:shop"
}
