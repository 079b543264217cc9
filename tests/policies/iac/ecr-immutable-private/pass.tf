resource "aws_ecr_repository" "immutable" {
  name                 = "immutable"
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_ecr_repository_policy" "ours" {
  repository = "portal"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Ours"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:role/deploy" }
      Action    = ["ecr:BatchGetImage"]
    }]
  })
}

resource "aws_ecr_repository_creation_template" "immutable" {
  prefix               = "ROOT"
  applied_for          = ["PULL_THROUGH_CACHE"]
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_ecr_repository" "but_the_latest" {
  name                 = "but_the_latest"
  image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"

  image_tag_mutability_exclusion_filter {
    filter      = "latest*"
    filter_type = "WILDCARD"
  }
}
