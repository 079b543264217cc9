resource "aws_s3_bucket" "documents" {
  bucket = "documents"
}

resource "aws_lambda_permission" "one_bucket" {
  action        = "lambda:InvokeFunction"
  function_name = "thumbnails"
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.documents.arn
}

resource "aws_lambda_permission" "organisation" {
  action           = "lambda:InvokeFunction"
  function_name    = "tools"
  principal        = "*"
  principal_org_id = "o-abcdefghij"
}

resource "aws_lambda_layer_version_permission" "one_account" {
  layer_name     = "tools"
  version_number = 1
  statement_id   = "one"
  action         = "lambda:GetLayerVersion"
  principal      = "123456789012"
}
