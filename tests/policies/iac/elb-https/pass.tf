resource "aws_lb" "encrypted" {
  name               = "encrypted"
  load_balancer_type = "application"
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.encrypted.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_target_group" "encrypted" {
  name     = "encrypted"
  port     = 443
  protocol = "HTTPS"
  vpc_id   = "vpc-00000000"
}

resource "aws_elb" "encrypted" {
  name = "encrypted"

  listener {
    instance_port      = 443
    instance_protocol  = "https"
    lb_port            = 443
    lb_protocol        = "https"
    ssl_certificate_id = "arn:aws:acm:eu-west-3:123456789012:certificate/00000000-0000-4000-8000-000000000000"
  }
}
