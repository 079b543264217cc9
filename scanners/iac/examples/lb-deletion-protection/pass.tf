resource "aws_lb" "shop" {
  name                       = "shop"
  enable_deletion_protection = true
}

resource "aws_alb" "old_name" {
  name                       = "old-name"
  enable_deletion_protection = true
}
