resource "aws_ecr_repository" "scanned" {
  name = "scanned"

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_repository" "by_the_registry" {
  name = "by-the-registry"
}

resource "aws_ecr_registry_scanning_configuration" "all" {
  scan_type = "ENHANCED"

  rule {
    scan_frequency = "CONTINUOUS_SCAN"

    repository_filter {
      filter      = "*"
      filter_type = "WILDCARD"
    }
  }
}
