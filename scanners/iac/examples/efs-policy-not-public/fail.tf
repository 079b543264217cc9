resource "aws_efs_file_system_policy" "of_all" { # FAILED
  file_system_id = "fs-1"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "elasticfilesystem:ClientMount"
    }]
  })
}

resource "aws_efs_file_system_policy" "of_all_who_encrypt" { # FAILED
  file_system_id = "fs-2"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "elasticfilesystem:ClientMount"
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}
