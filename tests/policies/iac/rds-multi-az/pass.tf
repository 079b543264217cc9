resource "aws_db_instance" "two_zones" {
  identifier     = "two-zones"
  engine         = "postgres"
  instance_class = "db.t3.small"
  multi_az       = true

  tags = {
    Environment = "production"
  }
}

resource "aws_rds_cluster" "two_zones" {
  engine = "aurora-postgresql"

  tags = {
    Environment = "production"
  }
}

resource "aws_rds_cluster_instance" "first" {
  cluster_identifier = aws_rds_cluster.two_zones.id
  engine             = "aurora-postgresql"
  instance_class     = "db.r6g.large"
  availability_zone  = "eu-west-3a"
}

resource "aws_rds_cluster_instance" "second" {
  cluster_identifier = aws_rds_cluster.two_zones.id
  engine             = "aurora-postgresql"
  instance_class     = "db.r6g.large"
  availability_zone  = "eu-west-3b"
}

resource "aws_rds_cluster" "of_rds" {
  engine                    = "postgres"
  db_cluster_instance_class = "db.m6gd.large"
  storage_type              = "io1"
  allocated_storage         = 100
  iops                      = 1000

  tags = {
    Environment = "production"
  }
}
