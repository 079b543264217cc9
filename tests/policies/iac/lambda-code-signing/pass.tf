resource "aws_lambda_code_signing_config" "ours" {
  allowed_publishers {
    signing_profile_version_arns = ["arn:aws:signer:eu-west-3:111122223333:/signing-profiles/ours/1"]
  }
  policies {
    untrusted_artifact_on_deployment = "Enforce"
  }
}

resource "aws_lambda_function" "bill" {
  function_name           = "bill"
  role                    = "arn:aws:iam::111122223333:role/bill"
  code_signing_config_arn = aws_lambda_code_signing_config.ours.arn
}
