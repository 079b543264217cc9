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
resource "aws_elb" "of_two_ports" { # UNKNOWN
  name = "of-two-ports"
  listener {
    lb_port     = 443
    lb_protocol = "https"
  }
  listener {
    lb_port     = 8443
    lb_protocol = "https"
  }
}
resource "aws_lb_ssl_negotiation_policy" "of_two_ports" { # PASSED
  name          = "tls"
  load_balancer = aws_elb.of_two_ports.id
  lb_port       = 443
  attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}
resource "aws_elb" "of_two_ports_and_no_policy" { # FAILED
  name = "of-two-ports-and-no-policy"
  listener {
    lb_port     = 443
    lb_protocol = "https"
  }
  listener {
    lb_port     = 8443
    lb_protocol = "https"
  }
}
resource "aws_elb" "with_a_policy_for_another_port" { # FAILED
  name = "with-a-policy-for-another-port"
  listener {
    lb_port     = 443
    lb_protocol = "https"
  }
  listener {
    lb_port     = 80
    lb_protocol = "http"
  }
}
resource "aws_lb_ssl_negotiation_policy" "with_a_policy_for_another_port" { # PASSED
  name          = "tls"
  load_balancer = aws_elb.with_a_policy_for_another_port.id
  lb_port       = 8443
  attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}
resource "aws_elb" "with_one_of_aws" { # UNKNOWN
  name = "with-one-of-aws"
  listener {
    lb_port     = 443
    lb_protocol = "https"
  }
}
resource "aws_load_balancer_listener_policy" "with_one_of_aws" {
  load_balancer_name = aws_elb.with_one_of_aws.name
  load_balancer_port = 443
  policy_names       = ["ELBSecurityPolicy-2016-08"]
}
resource "aws_elb" "with_no_name" { # FAILED
  name = "with-no-name"
  listener {
    lb_port     = 443
    lb_protocol = "https"
  }
}
resource "aws_load_balancer_listener_policy" "with_no_name" {
  load_balancer_name = aws_elb.with_no_name.name
  load_balancer_port = 443
}
resource "aws_elb" "with_a_listener_policy" { # NOTHING
  name = "with-a-listener-policy"
  listener {
    lb_port     = 443
    lb_protocol = "ssl"
  }
}
resource "aws_load_balancer_listener_policy" "with_a_listener_policy" {
  load_balancer_name = aws_elb.with_a_listener_policy.name
  load_balancer_port = 443
  policy_names       = [aws_load_balancer_policy.with_a_listener_policy.policy_name]
}
resource "aws_load_balancer_policy" "with_a_listener_policy" { # PASSED
  load_balancer_name = aws_elb.with_a_listener_policy.name
  policy_name        = "with-a-listener-policy"
  policy_type_name   = "SSLNegotiationPolicyType"
  policy_attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}
resource "aws_elb" "with_one_on_another_port" { # FAILED
  name = "with-one-on-another-port"
  listener {
    lb_port     = 443
    lb_protocol = "ssl"
  }
}
resource "aws_load_balancer_listener_policy" "with_one_on_another_port" {
  load_balancer_name = aws_elb.with_one_on_another_port.name
  load_balancer_port = 22
  policy_names       = [aws_load_balancer_policy.with_one_on_another_port.policy_name]
}
resource "aws_load_balancer_policy" "with_one_on_another_port" { # PASSED
  load_balancer_name = aws_elb.with_one_on_another_port.name
  policy_name        = "with-one-on-another-port"
  policy_type_name   = "SSLNegotiationPolicyType"
  policy_attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}
resource "aws_elb" "that_is_sticky" { # UNKNOWN
  name = "that-is-sticky"
  listener {
    lb_port     = 443
    lb_protocol = "ssl"
  }
}
resource "aws_load_balancer_listener_policy" "that_is_sticky" {
  load_balancer_name = aws_elb.that_is_sticky.name
  load_balancer_port = 443
  policy_names       = [aws_load_balancer_policy.that_is_sticky.policy_name]
}
resource "aws_load_balancer_policy" "that_is_sticky" { # NOTHING
  load_balancer_name = aws_elb.that_is_sticky.name
  policy_name        = "that-is-sticky"
  policy_type_name   = "LBCookieStickinessPolicyType"
}
resource "aws_elb" "with_both" { # UNKNOWN
  name = "with-both"
  listener {
    lb_port     = 443
    lb_protocol = "https"
  }
}
resource "aws_lb_ssl_negotiation_policy" "with_both" { # PASSED
  name          = "with-both"
  load_balancer = aws_elb.with_both.name
  lb_port       = 443
  attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}
resource "aws_load_balancer_listener_policy" "with_both" {
  load_balancer_name = aws_elb.with_both.name
  load_balancer_port = 443
  policy_names       = ["ELBSecurityPolicy-2015-05"]
}
