resource "aws_lb_listener" "plain" { # NOTHING
  port     = 80
  protocol = "HTTP"
  default_action {
    type = "forward"
  }
}
resource "aws_lb_listener" "default_policy" { # FAILED
  port     = 443
  protocol = "https"
}
resource "aws_lb_listener" "forward_secrecy_from_1_0" { # FAILED
  protocol   = "TLS"
  ssl_policy = "ELBSecurityPolicy-FS-2018-06"
}
resource "aws_lb_listener" "new_and_old" { # FAILED
  protocol   = "HTTPS"
  ssl_policy = "ELBSecurityPolicy-TLS13-1-0-2021-06"
}
resource "aws_lb_listener" "fips" { # PASSED
  protocol   = "TLS"
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04"
}
resource "aws_load_balancer_policy" "one_by_one" { # UNKNOWN
  policy_type_name = "SSLNegotiationPolicyType"
  policy_attribute {
    name  = "Protocol-TLSv1"
    value = "false"
  }
  policy_attribute {
    name  = "Protocol-TLSv1.2"
    value = "true"
  }
}
resource "aws_load_balancer_policy" "sticky" { # NOTHING
  policy_type_name = "LBCookieStickinessPolicyType"
}
resource "aws_lb_ssl_negotiation_policy" "old" { # FAILED
  name          = "old"
  load_balancer = "web"
  lb_port       = 443
  attribute {
    name  = "Protocol-TLSv1"
    value = "true"
  }
}
resource "aws_lb_ssl_negotiation_policy" "new" { # UNKNOWN
  name          = "new"
  load_balancer = "web"
  lb_port       = 443
  attribute {
    name  = "Protocol-TLSv1.2"
    value = "true"
  }
}
resource "aws_elb" "as_it_comes" { # FAILED
  name = "as-it-comes"
  listener {
    lb_port     = 443
    lb_protocol = "https"
  }
}
resource "aws_elb" "with_a_policy" { # NOTHING
  name = "with-a-policy"
  listener {
    lb_port     = 443
    lb_protocol = "https"
  }
}
resource "aws_elb" "of_tcp" { # NOTHING
  name = "of-tcp"
  listener {
    lb_port     = 443
    lb_protocol = "tcp"
  }
}
resource "aws_lb_ssl_negotiation_policy" "with_a_policy" { # PASSED
  name          = "tls"
  load_balancer = aws_elb.with_a_policy.id
  lb_port       = 443
  attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}
