resource "aws_kms_key" "donnees" {
  description         = "techstart-donnees"
  enable_key_rotation = true
  tags                = local.production

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Compte"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "donnees" {
  name          = "alias/techstart-donnees"
  target_key_id = aws_kms_key.donnees.key_id
}

# Drift: rotation was switched on by hand in the account and never here.
resource "aws_kms_key" "journaux" {
  description         = "techstart-journaux"
  enable_key_rotation = false

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Compte"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "journaux" {
  name          = "alias/techstart-journaux"
  target_key_id = aws_kms_key.journaux.key_id
}
