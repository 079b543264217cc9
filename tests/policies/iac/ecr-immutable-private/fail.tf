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

resource "aws_ecr_repository" "every" { # FAILED
  name                 = "every"
  image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"

  image_tag_mutability_exclusion_filter {
    filter      = "v*"
    filter_type = "WILDCARD"
  }
}
