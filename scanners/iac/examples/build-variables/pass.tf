resource "aws_codebuild_project" "shop" {
  name = "shop"
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
    environment_variable {
      name  = "SECRET_ARN"
      value = "arn:aws:secretsmanager:eu-west-3:111122223333:secret:a"
    }
  }
}
