resource "aws_ecr_repository" "unscanned" { # FAILED
  name = "unscanned"
}
