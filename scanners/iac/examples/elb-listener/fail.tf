resource "aws_lb_listener" "plain" { # FAILED
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:loadbalancer/app/portal/0000000000000000"
  port              = 80
  protocol          = "http"

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/plain/0000000000000000"
  }
}
