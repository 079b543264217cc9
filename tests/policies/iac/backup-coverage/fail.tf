resource "aws_rds_cluster" "customers" { # FAILED
  cluster_identifier = "customers"
  engine             = "aurora-postgresql"

  tags = {
    Environment = "production"
  }
}

resource "aws_ebs_volume" "files" { # FAILED
  availability_zone = "eu-west-3a"
  size              = 10

  tags = {
    Environment = "prod"
  }
}

resource "aws_efs_file_system" "shared" { # FAILED
  tags = {
    Environment = "production"
  }
}

resource "aws_ebs_volume" "test" {
  availability_zone = "eu-west-3a"
  size              = 10

  tags = {
    Environment = "test"
  }
}

resource "aws_backup_selection" "others" {
  name         = "others"
  plan_id      = "daily"
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = ["arn:aws:dynamodb:eu-west-3:123456789012:table/orders"]
}
