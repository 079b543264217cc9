resource "aws_subnet" "a" {
  vpc_id            = "vpc-1"
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-west-3a"
}

resource "aws_lb" "of_one_subnet" { # FAILED
  load_balancer_type = "network"
  subnets            = [aws_subnet.a.id]

  tags = {
    Environment = "production"
  }
}

resource "aws_lb" "of_one_mapping" { # FAILED
  load_balancer_type = "network"

  subnet_mapping {
    subnet_id = "subnet-a"
  }

  tags = {
    Environment = "production"
  }
}

resource "aws_elb" "of_one_subnet" { # FAILED
  subnets = ["subnet-a"]

  listener {
    instance_port     = 443
    instance_protocol = "https"
    lb_port           = 443
    lb_protocol       = "https"
  }

  tags = {
    Environment = "production"
  }
}

resource "aws_autoscaling_group" "of_one_zone" { # FAILED
  max_size           = 3
  min_size           = 2
  availability_zones = ["eu-west-3a"]

  tag {
    key                 = "Environment"
    value               = "production"
    propagate_at_launch = true
  }
}

resource "aws_autoscaling_group" "of_one_subnet" { # FAILED
  max_size            = 3
  min_size            = 2
  vpc_zone_identifier = [aws_subnet.a.id]

  tag {
    key                 = "Environment"
    value               = "production"
    propagate_at_launch = true
  }
}
