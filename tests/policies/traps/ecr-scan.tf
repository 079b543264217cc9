resource "aws_ecr_repository" "text_one" { # PASSED
  image_scanning_configuration {
    scan_on_push = "1"
  }
}
resource "aws_ecr_repository" "text_zero" { # FAILED
  image_scanning_configuration {
    scan_on_push = "0"
  }
}
resource "aws_ecr_repository" "nothing" { # FAILED
  name = "x"
}
resource "aws_ecr_repository" "null" { # FAILED
  image_scanning_configuration {
    scan_on_push = null
  }
}
