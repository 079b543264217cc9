resource "aws_lb" "logged" {
  name               = "logged"
  load_balancer_type = "application"

  access_logs {
    bucket  = "logs"
    enabled = true
  }
}

resource "aws_elb" "logged" {
  name = "logged"

  access_logs {
    bucket  = "logs"
    enabled = true
  }

  listener {
    instance_port     = 443
    instance_protocol = "https"
    lb_port           = 443
    lb_protocol       = "https"
  }
}
