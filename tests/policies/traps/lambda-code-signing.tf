resource "aws_lambda_function" "of_another_place" { # UNKNOWN
  code_signing_config_arn = "arn:aws:lambda:eu-west-3:111122223333:code-signing-config:csc-1"
}
resource "aws_lambda_function" "empty" { # FAILED
  code_signing_config_arn = ""
}
variable "signing" {
  type = string
}
resource "aws_lambda_function" "variable" { # UNKNOWN
  code_signing_config_arn = var.signing
}
resource "aws_lambda_function" "image" { # NOTHING
  package_type = "Image"
}
resource "aws_lambda_function" "zip" { # FAILED
  package_type = "Zip"
}
resource "aws_lambda_code_signing_config" "warns" {
  policies {
    untrusted_artifact_on_deployment = "Warn"
  }
}
resource "aws_lambda_function" "warned" { # FAILED
  code_signing_config_arn = aws_lambda_code_signing_config.warns.arn
}
