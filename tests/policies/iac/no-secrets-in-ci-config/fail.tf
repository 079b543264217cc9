resource "aws_codebuild_project" "variable" { # FAILED
  name = "variable"
  environment {
    type = "LINUX_CONTAINER"
    environment_variable {
      name  = "DB_PASSWORD"
      value = "Sup3rS3cret2024!"
    }
  }
}

resource "aws_codebuild_project" "location" { # FAILED
  name = "location"
  source {
    type     = "GITHUB"
    location = "https://ci:hunter2Hunter2@git.example.com/shop.git"
  }
}

resource "aws_codebuild_project" "commands" { # FAILED
  name = "commands"
  source {
    type      = "NO_SOURCE"
    buildspec = yamlencode({ version = 0.2, env = { variables = { DB_PASSWORD = "Sup3rS3cret2024!" } } })
  }
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

variable "token" {}
