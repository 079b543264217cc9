resource "aws_elb" "one_zone" { # FAILED
  name                      = "one-zone"
  cross_zone_load_balancing = false

  tags = {
    Environment = "production"
  }

  listener {
    instance_port     = 443
    instance_protocol = "https"
    lb_port           = 443
    lb_protocol       = "https"
  }
}

resource "aws_lb" "one_zone" { # FAILED
  name               = "one-zone"
  load_balancer_type = "network"

  tags = {
    Environment = "production"
  }
}

resource "aws_lb" "of_a_test" {
  name               = "test"
  load_balancer_type = "network"

  tags = {
    Environment = "test"
  }
}
