resource "aws_lb" "shop" { # FAILED
  name = "shop"
}

resource "aws_alb" "old_name" { # FAILED
  name                       = "old-name"
  enable_deletion_protection = false
}
