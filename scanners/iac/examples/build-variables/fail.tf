variable "token" {
  type = string
}

resource "aws_codebuild_project" "plain" { # FAILED
  name = "plain"
  environment {
    type = "LINUX_CONTAINER"
    environment_variable {
      name  = "NPM_TOKEN"
      value = var.token
    }
  }
}

resource "aws_codebuild_project" "said_plain" { # FAILED
  name = "said_plain"
  environment {
    type = "LINUX_CONTAINER"
    environment_variable {
      name  = "STAGE"
      value = "prod"
    }
    environment_variable {
      name  = "DB_PASSWORD"
      value = var.token
      type  = "PLAINTEXT"
    }
  }
}
