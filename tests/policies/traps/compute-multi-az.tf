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
