resource "aws_ecr_repository" "unscanned" { # FAILED
  name = "unscanned"
}

resource "aws_ecr_registry_scanning_configuration" "by_hand" {
  scan_type = "BASIC"

  rule {
    scan_frequency = "MANUAL"

    repository_filter {
      filter      = "*"
      filter_type = "WILDCARD"
    }
  }
}
