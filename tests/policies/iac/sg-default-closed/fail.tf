resource "aws_vpc" "open" { # FAILED
  cidr_block = "10.0.0.0/16"
}

resource "aws_default_security_group" "open" { # FAILED
  vpc_id = aws_vpc.open.id

  ingress {
    protocol  = "-1"
    self      = true
    from_port = 0
    to_port   = 0
  }
}

resource "aws_default_security_group" "of_a_network_made_elsewhere" { # FAILED
  vpc_id = var.vpc

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_default_security_group" "as_an_argument" { # FAILED
  vpc_id = var.vpc

  ingress = [{
    description      = ""
    from_port        = 443
    to_port          = 443
    protocol         = "tcp"
    cidr_blocks      = ["10.0.0.0/8"]
    ipv6_cidr_blocks = []
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }]
}

resource "aws_vpc_security_group_ingress_rule" "added" { # FAILED
  security_group_id = aws_vpc.open.default_security_group_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_egress_rule" "added" { # FAILED
  security_group_id = aws_default_security_group.of_a_network_made_elsewhere.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

variable "vpc" {
  type = string
}
