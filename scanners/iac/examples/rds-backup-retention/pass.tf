resource "aws_db_instance" "a_month" {
  identifier              = "a-month"
  backup_retention_period = 30
}

resource "aws_db_instance" "replica" {
  identifier          = "replica"
  replicate_source_db = aws_db_instance.a_month.identifier
}
