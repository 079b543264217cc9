resource "aws_default_security_group" "answers_itself" { # FAILED
  vpc_id = var.vpc

  ingress {
    protocol  = "-1"
    self      = true
    from_port = 0
    to_port   = 0
  }
}

resource "aws_default_security_group" "lets_out" { # FAILED
  vpc_id = "vpc-0123456789abcdef0"

  egress = [{
    description      = ""
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = []
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }]
}

resource "aws_security_group_rule" "added" { # FAILED
  security_group_id = data.aws_vpc.main.default_security_group_id
  type              = "egress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["0.0.0.0/0"]
}

data "aws_vpc" "main" {
  id = var.vpc
}

variable "vpc" {
  type = string
}
