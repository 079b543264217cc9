resource "aws_lb_listener" "small_letters" { # FAILED
  port     = 80
  protocol = "http"
  default_action {
    type = "forward"
  }
}
resource "aws_lb_listener" "redirects_to_where_it_came_from" { # FAILED
  port     = 80
  protocol = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}
resource "aws_alb_listener" "redirects" { # UNKNOWN
  port     = 80
  protocol = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
variable "protocol" {
  type = string
}
resource "aws_lb_listener" "any" { # UNKNOWN
  protocol = var.protocol
  default_action {
    type = "forward"
  }
}
resource "aws_elb" "capital" { # FAILED
  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "Http"
  }
}
resource "aws_elb" "capital_and_secure" { # PASSED
  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 443
    lb_protocol       = "Https"
  }
}

resource "aws_lb" "application" {
}
resource "aws_alb_listener" "default_protocol" { # FAILED
  load_balancer_arn = aws_lb.application.arn
  port              = 80
  default_action {
    type = "forward"
  }
}
resource "aws_lb_listener" "answers_by_itself" { # FAILED
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:loadbalancer/app/shop/0123456789abcdef"
  port              = 80
  default_action {
    type = "fixed-response"
  }
}
resource "aws_lb_listener" "of_another" { # UNKNOWN
  load_balancer_arn = var.protocol
  port              = 80
  default_action {
    type = "forward"
  }
}
resource "aws_alb_listener" "forwards_by_a_rule" { # FAILED
  port     = 80
  protocol = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
resource "aws_alb_listener_rule" "forwards" {
  listener_arn = aws_alb_listener.forwards_by_a_rule.arn
  action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-3:111122223333:targetgroup/t/1"
  }
  condition {
    path_pattern { values = ["/*"] }
  }
}
resource "aws_lb_listener" "encrypted" { # PASSED
  port     = 443
  protocol = "tls"
}
resource "aws_lb_listener" "passed_through" { # UNKNOWN
  port     = 443
  protocol = "TCP_UDP"
}
resource "aws_elb" "passed_through" { # UNKNOWN
  listener {
    instance_port     = 443
    instance_protocol = "tcp"
    lb_port           = 443
    lb_protocol       = "tcp"
  }
}
