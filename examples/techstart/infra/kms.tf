resource "aws_kms_key" "donnees" {
  description         = "techstart-donnees"
  enable_key_rotation = true
  tags                = local.production
}

resource "aws_kms_alias" "donnees" {
  name          = "alias/techstart-donnees"
  target_key_id = aws_kms_key.donnees.key_id
}

# Drift: rotation was switched on by hand in the account and never here.
resource "aws_kms_key" "journaux" {
  description         = "techstart-journaux"
  enable_key_rotation = false
}

resource "aws_kms_alias" "journaux" {
  name          = "alias/techstart-journaux"
  target_key_id = aws_kms_key.journaux.key_id
}
