resource "aws_codebuild_project" "shop" {
  name = "shop"
  source {
    type      = "GITHUB"
    location  = "https://github.com/example/shop.git"
    buildspec = "buildspec.yml"
  }
  environment {
    type = "LINUX_CONTAINER"
    environment_variable {
      name  = "NPM_TOKEN"
      value = "ci/npm"
      type  = "SECRETS_MANAGER"
    }
    environment_variable {
      name  = "STAGE"
      value = "prod"
    }
  }
}
