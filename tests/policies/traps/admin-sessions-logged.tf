resource "aws_ecs_cluster" "none" { # FAILED
  configuration {
    execute_command_configuration {
      logging = "NONE"
    }
  }
}
resource "aws_ssm_document" "without_inputs" { # FAILED
  document_type   = "Session"
  document_format = "JSON"
  content         = jsonencode({ schemaVersion = "1.0", sessionType = "Standard_Stream" })
}
resource "aws_ssm_document" "encrypted_as_text_false" { # FAILED
  document_type   = "Session"
  document_format = "JSON"
  content = jsonencode({ schemaVersion = "1.0", sessionType = "Standard_Stream", inputs = {
    s3BucketName = "logs", s3EncryptionEnabled = false, kmsKeyId = "k"
  } })
}
resource "aws_ecs_cluster" "writes_nowhere" { # FAILED
  configuration {
    execute_command_configuration {
      kms_key_id = "k"
      logging    = "OVERRIDE"
      log_configuration {
        cloud_watch_encryption_enabled = true
        cloud_watch_log_group_name     = ""
      }
    }
  }
}
