resource "aws_instance" "text_one" { # FAILED
  associate_public_ip_address = "1"
}
resource "aws_instance" "text_true" { # FAILED
  associate_public_ip_address = "true"
}
resource "aws_instance" "text_false" { # PASSED
  associate_public_ip_address = "false"
}
resource "aws_instance" "nothing" { # UNKNOWN
  subnet_id = "subnet-1"
}
resource "aws_instance" "null" { # UNKNOWN
  associate_public_ip_address = null
}
resource "aws_launch_template" "second_interface" { # FAILED
  network_interfaces {
    associate_public_ip_address = false
  }
  network_interfaces {
    associate_public_ip_address = "true"
  }
}
resource "aws_launch_template" "nothing" { # UNKNOWN
  image_id = "ami-1"
}
resource "aws_launch_template" "interface_says_nothing" { # UNKNOWN
  network_interfaces {
    device_index = 0
  }
}
resource "aws_launch_template" "private" { # PASSED
  network_interfaces {
    associate_public_ip_address = "0"
  }
}
resource "aws_launch_configuration" "open" { # FAILED
  associate_public_ip_address = "1"
}
resource "aws_subnet" "text_one" { # FAILED
  map_public_ip_on_launch = "1"
}
resource "aws_subnet" "nothing" { # PASSED
  cidr_block = "10.0.0.0/24"
}
resource "aws_default_subnet" "by_default" { # FAILED
  availability_zone = "eu-west-3a"
}
resource "aws_eip" "of_an_instance" { # FAILED
  instance = "i-1"
}
resource "aws_eip" "of_a_nat_gateway" { # NOTHING
  domain = "vpc"
}
resource "aws_eip_association" "of_an_instance" { # FAILED
  instance_id   = "i-1"
  allocation_id = "eipalloc-1"
}
resource "aws_spot_instance_request" "open" { # FAILED
  associate_public_ip_address = true
}
resource "aws_subnet" "private" { # PASSED
  cidr_block = "10.0.1.0/24"
}
resource "aws_instance" "in_a_private_subnet" { # PASSED
  subnet_id = aws_subnet.private.id
}
resource "aws_instance" "in_a_public_subnet" { # FAILED
  subnet_id = aws_subnet.text_one.id
}
resource "aws_instance" "of_a_launch_template" { # UNKNOWN
  subnet_id = aws_subnet.private.id
  launch_template {
    id = "lt-1"
  }
}
resource "aws_instance" "with_a_first_interface_of_its_own" { # UNKNOWN
  subnet_id = aws_subnet.private.id
  primary_network_interface {
    network_interface_id = aws_network_interface.own.id
  }
}
resource "aws_network_interface" "own" {
  subnet_id = aws_subnet.private.id
}
resource "aws_eip" "of_an_interface" { # FAILED
  network_interface = aws_network_interface.own.id
}
resource "aws_eip" "of_an_unknown_interface" { # UNKNOWN
  network_interface = "eni-1"
}
resource "aws_eip_association" "of_a_first_interface" { # FAILED
  network_interface_id = aws_instance.text_false.primary_network_interface_id
}
resource "aws_spot_fleet_request" "one_of_two" { # FAILED
  launch_specification {
    associate_public_ip_address = "false"
  }
  launch_specification {
    associate_public_ip_address = "1"
  }
}
resource "aws_spot_fleet_request" "by_a_template" { # UNKNOWN
  launch_template_config {
    launch_template_specification {
      id      = "lt-1"
      version = "1"
    }
  }
}

resource "aws_ecs_service" "public" { # FAILED
  network_configuration {
    assign_public_ip = true
  }
}

resource "aws_ecs_service" "says_nothing" { # PASSED
  network_configuration {
    subnets = ["subnet-1"]
  }
}

resource "aws_ecs_service" "on_machines" { # NOTHING
  name = "shop"
}
resource "aws_instance" "global_ipv6" { # UNKNOWN
  associate_public_ip_address = false
  ipv6_address_count          = 1
}
resource "aws_instance" "global_ipv6_listed" { # UNKNOWN
  associate_public_ip_address = false
  ipv6_addresses              = ["2001:db8::1"]
}
resource "aws_instance" "no_ipv6" { # PASSED
  associate_public_ip_address = false
  ipv6_address_count          = 0
  ipv6_addresses              = []
}
resource "aws_instance" "public_and_ipv6" { # FAILED
  associate_public_ip_address = true
  ipv6_address_count          = 1
}
resource "aws_subnet" "ipv6" { # UNKNOWN
  vpc_id                          = "vpc-1"
  assign_ipv6_address_on_creation = true
}
resource "aws_launch_template" "ipv6" { # UNKNOWN
  network_interfaces {
    associate_public_ip_address = false
    ipv6_address_count          = 2
  }
}
resource "aws_launch_template" "ipv6_prefix" { # UNKNOWN
  network_interfaces {
    associate_public_ip_address = false
    ipv6_prefixes               = ["2001:db8:1::/80"]
  }
}
resource "aws_launch_template" "no_ipv6" { # PASSED
  network_interfaces {
    associate_public_ip_address = "false"
  }
}

resource "aws_scheduler_schedule" "nightly" { # FAILED
  target {
    ecs_parameters {
      network_configuration {
        assign_public_ip = true
      }
    }
  }
}

resource "aws_cloudwatch_event_target" "function" { # NOTHING
  arn = "arn:aws:lambda:eu-west-3:123456789012:function:x"
}

resource "aws_m2_environment" "public" { # FAILED
  publicly_accessible = true
}
