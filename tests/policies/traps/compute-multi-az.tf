resource "aws_autoscaling_group" "one_zone" { # FAILED
  availability_zones = ["eu-west-3a"]
  tag {
    key                 = "Environment"
    value               = "prod"
    propagate_at_launch = true
  }
}
resource "aws_lb" "one_subnet" { # FAILED
  subnets = ["subnet-1"]
  tags    = { Environment = "prod" }
}
resource "aws_lb" "one_subnet_by_a_mapping" { # FAILED
  subnet_mapping {
    subnet_id = "subnet-1"
  }
}
resource "aws_lb" "one_subnet_twice" { # FAILED
  subnets = ["subnet-1", "subnet-1"]
}
resource "aws_lb" "two" { # PASSED
  subnets = ["subnet-1", "subnet-2"]
}
resource "aws_elb" "one_zone_twice" { # FAILED
  availability_zones = ["eu-west-3a", "eu-west-3a"]
}
