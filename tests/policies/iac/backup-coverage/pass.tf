resource "aws_rds_cluster" "customers" {
  cluster_identifier = "customers"
  engine             = "aurora-postgresql"

  tags = {
    Environment = "production"
  }
}

resource "aws_ebs_volume" "files" {
  availability_zone = "eu-west-3a"
  size              = 10

  tags = {
    Environment = "production"
  }
}

resource "aws_efs_file_system" "shared" {
  tags = {
    Environment = "production"
  }
}

resource "aws_backup_selection" "production" {
  name         = "production"
  plan_id      = "daily"
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"

  resources = [
    aws_rds_cluster.customers.arn,
    aws_ebs_volume.files.arn,
    aws_efs_file_system.shared.arn,
  ]
}
