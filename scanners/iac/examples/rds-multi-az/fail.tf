resource "aws_db_instance" "one_zone" { # FAILED
  identifier     = "one-zone"
  engine         = "postgres"
  instance_class = "db.t3.small"

  tags = {
    Environment = "production"
  }
}

resource "aws_rds_cluster" "one_member" { # FAILED
  engine = "aurora-postgresql"

  tags = {
    Environment = "production"
  }
}

resource "aws_rds_cluster_instance" "alone" {
  cluster_identifier = aws_rds_cluster.one_member.id
  engine             = "aurora-postgresql"
  instance_class     = "db.r6g.large"
  availability_zone  = "eu-west-3a"
}

resource "aws_rds_cluster" "one_zone" { # FAILED
  engine = "aurora-postgresql"

  tags = {
    Environment = "production"
  }
}

resource "aws_rds_cluster_instance" "same_zone" {
  count              = 2
  cluster_identifier = aws_rds_cluster.one_zone.id
  engine             = "aurora-postgresql"
  instance_class     = "db.r6g.large"
  availability_zone  = "eu-west-3a"
}
