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
resource "aws_autoscaling_group" "launches_nothing" { # FAILED
  availability_zones  = ["eu-west-3a", "eu-west-3b"]
  max_size            = 4
  suspended_processes = ["AZRebalance", "Launch"]
}
resource "aws_autoscaling_group" "does_not_rebalance" { # PASSED
  availability_zones  = ["eu-west-3a", "eu-west-3b"]
  max_size            = 4
  suspended_processes = ["AZRebalance"]
}
resource "aws_autoscaling_group" "adds_to_no_balancer" { # FAILED
  availability_zones  = ["eu-west-3a", "eu-west-3b"]
  max_size            = 4
  suspended_processes = ["AddToLoadBalancer"]
  target_group_arns   = ["arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/web/1"]
}
resource "aws_autoscaling_group" "perhaps_behind_a_balancer" { # UNKNOWN
  availability_zones  = ["eu-west-3a", "eu-west-3b"]
  max_size            = 4
  suspended_processes = ["AddToLoadBalancer"]
}
resource "aws_autoscaling_group" "of_no_machines" { # NOTHING
  availability_zones = ["eu-west-3a"]
  max_size           = 0
}
