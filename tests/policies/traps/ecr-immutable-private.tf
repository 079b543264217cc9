resource "aws_ecr_repository" "nothing" { # FAILED
  name = "x"
}
resource "aws_ecr_repository" "null" { # FAILED
  image_tag_mutability = null
}
resource "aws_ecr_repository" "with_exceptions" { # FAILED
  image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"
}
resource "aws_ecr_repository" "right" { # PASSED
  image_tag_mutability = "IMMUTABLE"
}
