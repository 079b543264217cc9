resource "aws_instance" "nothing" { # FAILED
  ami = "ami-1"
}
resource "aws_instance" "optional" { # FAILED
  metadata_options {
    http_tokens = "optional"
  }
}
resource "aws_instance" "empty_block" { # FAILED
  metadata_options {}
}
resource "aws_instance" "only_the_hop_limit" { # FAILED
  metadata_options {
    http_put_response_hop_limit = 1
  }
}
resource "aws_instance" "null" { # FAILED
  metadata_options {
    http_tokens = null
  }
}
resource "aws_instance" "required" { # PASSED
  metadata_options {
    http_tokens = "required"
  }
}
resource "aws_instance" "other_case" { # FAILED
  metadata_options {
    http_tokens = "Required"
  }
}
resource "aws_instance" "switched_off" { # PASSED
  metadata_options {
    http_endpoint = "disabled"
  }
}
resource "aws_instance" "of_a_template" { # UNKNOWN
  launch_template {
    id = "lt-1"
  }
}
resource "aws_launch_template" "nothing" { # FAILED
  image_id = "ami-1"
}
resource "aws_launch_template" "optional" { # FAILED
  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "optional"
  }
}
resource "aws_launch_configuration" "nothing" { # FAILED
  image_id = "ami-1"
}
resource "aws_spot_instance_request" "nothing" { # FAILED
  ami = "ami-1"
}
variable "tokens" {}
resource "aws_instance" "variable" { # UNKNOWN
  metadata_options {
    http_tokens = var.tokens
  }
}
resource "aws_spot_fleet_request" "by_a_specification" { # FAILED
  launch_specification {
    ami = "ami-1"
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
resource "aws_ec2_instance_metadata_defaults" "optional" { # FAILED
  http_tokens = "optional"
}
resource "aws_ec2_instance_metadata_defaults" "silent" { # FAILED
  http_put_response_hop_limit = 1
}
resource "aws_ec2_instance_metadata_defaults" "on" { # FAILED
  http_endpoint = "enabled"
}
