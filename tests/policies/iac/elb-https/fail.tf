resource "aws_lb" "plain" {
  name               = "plain"
  load_balancer_type = "application"
}

resource "aws_lb_listener" "plain" { # FAILED
  load_balancer_arn = aws_lb.plain.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/plain/0000000000000000"
  }
}
