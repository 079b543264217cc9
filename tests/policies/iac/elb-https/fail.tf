resource "aws_lb" "plain" { # FAILED
  name               = "plain"
  load_balancer_type = "application"
}

resource "aws_lb_listener" "plain" { # FAILED
  load_balancer_arn = aws_lb.plain.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.plain.arn
  }
}

resource "aws_lb_target_group" "plain" { # FAILED
  name     = "plain"
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-00000000"
}

resource "aws_elb" "plain" { # FAILED
  name = "plain"

  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "http"
  }
}
