resource "aws_s3_bucket" "erasable" { # FAILED
  bucket = "erasable"

  object_lock_configuration {
    object_lock_enabled = "Disabled"
  }

  tags = {
    Purpose = "audit-logs"
  }
}
