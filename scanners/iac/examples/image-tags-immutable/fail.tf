resource "aws_ecr_repository_creation_template" "mutable" { # FAILED
  prefix               = "ROOT"
  applied_for          = ["PULL_THROUGH_CACHE"]
  image_tag_mutability = "MUTABLE"
}

resource "aws_ecr_repository_creation_template" "unsaid" { # FAILED
  prefix      = "ROOT"
  applied_for = ["CREATE_ON_PUSH"]
}

resource "aws_ecr_repository_creation_template" "every_version" { # FAILED
  prefix               = "team"
  applied_for          = ["CREATE_ON_PUSH"]
  image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"
  image_tag_mutability_exclusion_filter {
    filter      = "qa*"
    filter_type = "WILDCARD"
  }
  image_tag_mutability_exclusion_filter {
    filter      = "v*"
    filter_type = "WILDCARD"
  }
}

resource "aws_ecr_repository" "every" { # FAILED
  name                 = "every"
  image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"

  image_tag_mutability_exclusion_filter {
    filter      = "v*"
    filter_type = "WILDCARD"
  }
}

resource "aws_ecr_repository" "overwritten" { # FAILED
  name = "overwritten"
}
