variable "variables" {
  type = map(string)
}
resource "aws_codebuild_project" "loop" { # UNKNOWN
  environment {
    dynamic "environment_variable" {
      for_each = var.variables
      content {
        name  = environment_variable.key
        value = environment_variable.value
      }
    }
  }
}
resource "aws_codebuild_project" "null" { # FAILED
  environment {
    environment_variable {
      name  = "api_key"
      value = var.variables["key"]
      type  = null
    }
  }
}
resource "aws_codebuild_project" "other_case" { # FAILED
  environment {
    environment_variable {
      name  = "Npm-Token"
      value = var.variables["key"]
      type  = "secrets_manager"
    }
  }
}
