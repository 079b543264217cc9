resource "aws_s3_bucket" "open" { # FAILED
  bucket = "open"
  tags   = { Purpose = "audit-logs" }
  object_lock_configuration {
    object_lock_enabled = "Disabled"
  }
}
