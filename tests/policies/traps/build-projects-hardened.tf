resource "aws_codebuild_project" "public" { # FAILED
  name               = "public"
  service_role       = "builds"
  project_visibility = "PUBLIC_READ"
  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    type         = "LINUX_CONTAINER"
  }
}
