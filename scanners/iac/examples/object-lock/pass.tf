resource "aws_s3_bucket" "locked" {
  bucket = "locked"
  tags   = { Purpose = "audit-logs" }
  object_lock_configuration {
    object_lock_enabled = "Enabled"
  }
}
