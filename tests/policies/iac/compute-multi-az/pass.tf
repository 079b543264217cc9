resource "aws_elb" "all_zones" {
  name                      = "all-zones"
  cross_zone_load_balancing = true

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

resource "aws_lb" "all_zones" {
  name                             = "all-zones"
  load_balancer_type               = "network"
  enable_cross_zone_load_balancing = true

  tags = {
    Environment = "production"
  }
}
