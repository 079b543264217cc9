resource "aws_lb" "silent" { # FAILED
  name               = "silent"
  load_balancer_type = "application"
}

resource "aws_elb" "silent" { # FAILED
  name = "silent"

  listener {
    instance_port     = 443
    instance_protocol = "https"
    lb_port           = 443
    lb_protocol       = "https"
  }
}
