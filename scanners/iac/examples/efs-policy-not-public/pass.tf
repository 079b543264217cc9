resource "aws_efs_file_system_policy" "of_a_role" {
  file_system_id = "fs-1"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/shop" }
      Action    = "elasticfilesystem:ClientMount"
    }]
  })
}

resource "aws_efs_file_system_policy" "of_the_network" {
  file_system_id = "fs-2"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "elasticfilesystem:ClientMount"
      Condition = { Bool = { "elasticfilesystem:AccessedViaMountTarget" = "true" } }
    }]
  })
}
