resource "aws_rds_cluster" "customers" { # FAILED
  cluster_identifier = "customers"
  engine             = "aurora-postgresql"
}

resource "aws_backup_selection" "others" {
  name         = "others"
  plan_id      = "daily"
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = ["arn:aws:dynamodb:eu-west-3:123456789012:table/orders"]
}
