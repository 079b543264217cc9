resource "aws_subnet" "a" {
  vpc_id            = "vpc-1"
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-west-3a"
}

resource "aws_subnet" "b" {
  vpc_id            = "vpc-1"
  cidr_block        = "10.0.2.0/24"
  availability_zone = "eu-west-3b"
}

resource "aws_lb" "of_two_subnets" {
  load_balancer_type = "network"
  subnets            = [aws_subnet.a.id, aws_subnet.b.id]

  tags = {
    Environment = "production"
  }
}

resource "aws_lb" "of_two_mappings" {
  load_balancer_type = "network"

  subnet_mapping {
    subnet_id = "subnet-a"
  }

  subnet_mapping {
    subnet_id = "subnet-b"
  }

  tags = {
    Environment = "production"
  }
}

resource "aws_elb" "of_two_zones" {
  availability_zones = ["eu-west-3a", "eu-west-3b"]

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

resource "aws_autoscaling_group" "of_two_zones" {
  max_size           = 3
  min_size           = 2
  availability_zones = ["eu-west-3a", "eu-west-3b"]

  tag {
    key                 = "Environment"
    value               = "production"
    propagate_at_launch = true
  }
}
