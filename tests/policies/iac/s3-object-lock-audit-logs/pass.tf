resource "aws_s3_bucket" "locked" {
  bucket = "locked"

  object_lock_configuration {
    object_lock_enabled = "Enabled"
  }

  tags = {
    Purpose = "audit-logs"
  }
}
