resource "aws_lambda_permission" "anybody" { # FAILED
  action        = "lambda:InvokeFunction"
  function_name = "webhook"
  principal     = "*"
}

resource "aws_lambda_function_url" "anybody" { # FAILED
  function_name      = "webhook"
  authorization_type = "NONE"
}

resource "aws_lambda_permission" "any_bucket" { # FAILED
  action        = "lambda:InvokeFunction"
  function_name = "thumbnails"
  principal     = "s3.amazonaws.com"
}

resource "aws_lambda_permission" "any_skill" { # FAILED
  action        = "lambda:InvokeFunction"
  function_name = "assistant"
  principal     = "alexa-appkit.amazon.com"
}

resource "aws_lambda_permission" "any_home" { # FAILED
  action        = "lambda:InvokeFunction"
  function_name = "assistant"
  principal     = "alexa-connectedhome.amazon.com"
}

resource "aws_lambda_permission" "empty_organisation" { # FAILED
  action           = "lambda:InvokeFunction"
  function_name    = "webhook"
  principal        = "*"
  principal_org_id = try(local.settings.organisation, "")
}

resource "aws_lambda_permission" "empty_source" { # FAILED
  action        = "lambda:InvokeFunction"
  function_name = "thumbnails"
  principal     = "s3.amazonaws.com"
  source_arn    = ""
}

locals {
  settings = {}
}

variable "account" {
  default = ""
}

resource "aws_lambda_permission" "empty_account" { # FAILED
  action         = "lambda:InvokeFunction"
  function_name  = "thumbnails"
  principal      = "s3.amazonaws.com"
  source_account = var.account
}

resource "aws_lambda_layer_version_permission" "empty_organisation" { # FAILED
  layer_name      = "tools"
  version_number  = 1
  action          = "lambda:GetLayerVersion"
  statement_id    = "all"
  principal       = "*"
  organization_id = ""
}
