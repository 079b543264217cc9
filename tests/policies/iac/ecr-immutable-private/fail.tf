resource "aws_ecr_repository" "mutable" { # FAILED
  name = "mutable"
}

resource "aws_ecr_repository_policy" "public" { # FAILED
  repository = "portal"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Anybody"
      Effect    = "Allow"
      Principal = "*"
      Action    = ["ecr:BatchGetImage"]
    }]
  })
}

resource "aws_ecr_repository_creation_template" "mutable" { # FAILED
  prefix      = "ROOT"
  applied_for = ["PULL_THROUGH_CACHE"]
}
