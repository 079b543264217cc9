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

# The registry has a rule, by hand: the setting of the repository no longer counts.
resource "aws_ecr_repository" "beside_a_rule" { # FAILED
  name = "beside-a-rule"

  image_scanning_configuration {
    scan_on_push = true
  }
}
