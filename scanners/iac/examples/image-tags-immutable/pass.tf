resource "aws_ecr_repository_creation_template" "immutable" {
  prefix               = "ROOT"
  applied_for          = ["PULL_THROUGH_CACHE"]
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_ecr_repository_creation_template" "but_of_tests" {
  prefix               = "team"
  applied_for          = ["CREATE_ON_PUSH"]
  image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"
  image_tag_mutability_exclusion_filter {
    filter      = "qa*"
    filter_type = "WILDCARD"
  }
}

resource "aws_ecr_repository" "but_the_latest" {
  name                 = "but_the_latest"
  image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"

  image_tag_mutability_exclusion_filter {
    filter      = "latest*"
    filter_type = "WILDCARD"
  }
}
