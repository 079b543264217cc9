resource "aws_lambda_function" "unsigned" { # FAILED
  function_name = "unsigned"
  role          = "arn:aws:iam::111122223333:role/bill"
}

resource "aws_lambda_code_signing_config" "warns" {
  allowed_publishers {
    signing_profile_version_arns = ["arn:aws:signer:eu-west-3:111122223333:/signing-profiles/ours/1"]
  }
}

resource "aws_lambda_function" "warned" { # FAILED
  function_name           = "warned"
  role                    = "arn:aws:iam::111122223333:role/bill"
  code_signing_config_arn = aws_lambda_code_signing_config.warns.arn
}

resource "aws_lambda_function" "image" {
  function_name = "image"
  role          = "arn:aws:iam::111122223333:role/bill"
  package_type  = "Image"
}
