resource "aws_lb" "nothing" { # FAILED
  name = "x"
}
resource "aws_lb" "block_says_nothing" { # FAILED
  access_logs {
    bucket = "logs"
  }
}
resource "aws_lb" "text_one" { # PASSED
  access_logs {
    bucket  = "logs"
    enabled = "1"
  }
}
resource "aws_lb" "text_zero" { # FAILED
  access_logs {
    bucket  = "logs"
    enabled = "0"
  }
}
resource "aws_lb" "null" { # FAILED
  access_logs {
    bucket  = "logs"
    enabled = null
  }
}
resource "aws_elb" "block_says_nothing" { # PASSED
  access_logs {
    bucket = "logs"
  }
}
resource "aws_elb" "text_zero" { # FAILED
  access_logs {
    bucket  = "logs"
    enabled = "0"
  }
}
resource "aws_elb" "nothing" { # FAILED
  name = "x"
}
variable "prefix" {}
resource "aws_lb" "prefix_given" { # PASSED
  access_logs {
    bucket  = "logs"
    prefix  = var.prefix
    enabled = true
  }
}
resource "aws_lb" "network_tcp" { # FAILED
  load_balancer_type = "network"
  access_logs {
    bucket  = "logs"
    enabled = true
  }
}
resource "aws_lb_listener" "network_tcp" {
  load_balancer_arn = aws_lb.network_tcp.arn
  protocol          = "TCP"
}
resource "aws_lb" "network_tls" { # PASSED
  load_balancer_type = "network"
  access_logs {
    bucket  = "logs"
    enabled = true
  }
}
resource "aws_lb_listener" "network_tls" {
  load_balancer_arn = aws_lb.network_tls.arn
  protocol          = "TLS"
}
resource "aws_lb" "network_alone" { # UNKNOWN
  load_balancer_type = "network"
  access_logs {
    bucket  = "logs"
    enabled = true
  }
}
resource "aws_alb" "gateway" { # NOTHING
  load_balancer_type = "gateway"
}
