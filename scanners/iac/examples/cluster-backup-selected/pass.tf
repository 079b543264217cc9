resource "aws_rds_cluster" "customers" {
  cluster_identifier = "customers"
  engine             = "aurora-postgresql"
}

resource "aws_backup_selection" "customers" {
  name         = "customers"
  plan_id      = "daily"
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = [aws_rds_cluster.customers.arn]
}
