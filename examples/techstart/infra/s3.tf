# techstart-exports-clients is missing here: somebody made it in the console.

module "journaux" {
  source    = "./modules/compartiment"
  name      = "techstart-journaux"
  versioned = false
  tags      = merge(local.production, { Retention = "365d" })
}

module "clients_documents" {
  source      = "./modules/compartiment"
  name        = "techstart-clients-documents"
  kms_key_arn = aws_kms_key.donnees.arn
  log_bucket  = module.journaux.id
  tags        = local.clients
}

module "factures" {
  source      = "./modules/compartiment"
  name        = "techstart-factures"
  kms_key_arn = aws_kms_key.donnees.arn
  log_bucket  = module.journaux.id
  tags        = merge(local.clients, { Owner = "finance", RopaId = "TRT-004", Retention = "3650d" })
}

module "sauvegardes" {
  source = "./modules/compartiment"
  name   = "techstart-sauvegardes"
  tags   = merge(local.production, { DataClassification = "confidential" })
}

resource "aws_s3_bucket_lifecycle_configuration" "journaux" {
  bucket = module.journaux.id

  rule {
    id     = "conservation"
    status = "Enabled"

    filter {}

    expiration {
      days = 365
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

# Backups go to a colder class and are never deleted.
resource "aws_s3_bucket_lifecycle_configuration" "sauvegardes" {
  bucket = module.sauvegardes.id

  rule {
    id     = "conservation"
    status = "Enabled"

    filter {}

    transition {
      days          = 90
      storage_class = "GLACIER"
    }
  }
}

resource "aws_s3_bucket" "paie" {
  bucket = "techstart-paie"

  tags = {
    Owner              = "ressources humaines"
    Environment        = "production"
    DataClassification = "secret"
    PersonalData       = "yes"
  }
}

resource "aws_s3_bucket_public_access_block" "paie" {
  bucket                  = aws_s3_bucket.paie.id
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket" "site_public" {
  bucket = "techstart-site-public"

  tags = {
    Owner              = "communication"
    DataClassification = "public"
  }
}

resource "aws_s3_bucket_public_access_block" "site_public" {
  bucket                  = aws_s3_bucket.site_public.id
  block_public_acls       = false
  ignore_public_acls      = false
  block_public_policy     = false
  restrict_public_buckets = false
}

resource "aws_s3_bucket_policy" "site_public" {
  bucket = aws_s3_bucket.site_public.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "LecturePublique"
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.site_public.arn}/*"
    }]
  })
}
