resource "aws_default_security_group" "closed" { # PASSED
  vpc_id = "vpc-1"
}
resource "aws_default_security_group" "empty_lists" { # PASSED
  vpc_id  = "vpc-1"
  ingress = []
  egress  = []
}
resource "aws_default_security_group" "itself" { # FAILED
  ingress {
    protocol  = "-1"
    self      = "1"
    from_port = "0"
    to_port   = "0"
  }
}
resource "aws_default_security_group" "out_only" { # FAILED
  egress {
    protocol    = -1
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
