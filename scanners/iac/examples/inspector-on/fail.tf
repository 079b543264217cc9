resource "aws_inspector2_enabler" "images_only" { # FAILED
  account_ids    = ["111122223333"]
  resource_types = ["ECR"]
}

resource "aws_inspector2_enabler" "code_of_functions" { # FAILED
  account_ids    = ["111122223333"]
  resource_types = ["EC2", "ECR", "LAMBDA_CODE"]
}
