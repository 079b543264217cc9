resource "aws_security_group" "ssh" { # FAILED
  name = "ssh"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "remote_desktop" { # FAILED
  name = "remote-desktop"

  ingress {
    from_port   = 3000
    to_port     = 4000
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "written_as_an_argument" { # FAILED
  name = "written-as-an-argument"

  ingress = [{
    description      = ""
    from_port        = 22
    to_port          = 22
    protocol         = "6"
    cidr_blocks      = []
    ipv6_cidr_blocks = ["::/0"]
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }]
}

resource "aws_security_group" "beside_itself" { # FAILED
  name = "beside-itself"

  ingress {
    from_port = 0
    to_port   = 65535
    protocol  = "tcp"
    self      = true
  }

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "TCP"
    cidr_blocks = ["10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1"]
    self        = true
  }
}

resource "aws_security_group" "in_many_parts" { # FAILED
  name = "in-many-parts"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["52.0.0.0/9"]
  }

  ingress {
    from_port   = 20
    to_port     = 30
    protocol    = "tcp"
    cidr_blocks = ["52.128.0.0/9"]
  }
}

resource "aws_default_security_group" "anything" { # FAILED
  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = -1
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group_rule" "anything" { # FAILED
  security_group_id = "sg-0123456789abcdef0"
  type              = "ingress"
  from_port         = 0
  to_port           = 0
  protocol          = "all"
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_vpc_security_group_ingress_rule" "anything" { # FAILED
  security_group_id = "sg-0123456789abcdef0"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "ssh_over_ipv6" { # FAILED
  security_group_id = "sg-0123456789abcdef0"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv6         = "2000::/3"
}
