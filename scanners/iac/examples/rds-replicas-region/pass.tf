provider "aws" {
  region = "eu-west-3"
}

provider "aws" {
  alias  = "ireland"
  region = "eu-west-1"
}

resource "aws_db_instance" "replica" {
  provider            = aws.ireland
  instance_class      = "db.t4g.medium"
  replicate_source_db = "arn:aws:rds:eu-west-3:123456789012:db:shop"
}

resource "aws_rds_cluster" "second" {
  region                    = "eu-central-1"
  engine                    = "aurora-postgresql"
  global_cluster_identifier = "shop"
}

resource "aws_db_instance_automated_backups_replication" "shop" {
  provider               = aws.ireland
  source_db_instance_arn = "arn:aws:rds:eu-west-3:123456789012:db:shop"
}
