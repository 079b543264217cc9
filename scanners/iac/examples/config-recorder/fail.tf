resource "aws_config_configuration_recorder" "regional" { # FAILED
  role_arn = "arn:aws:iam::111122223333:role/config"
}

resource "aws_config_configuration_recorder" "some" { # FAILED
  role_arn = "arn:aws:iam::111122223333:role/config"

  recording_group {
    all_supported  = false
    resource_types = ["AWS::EC2::Instance"]
  }
}

resource "aws_config_configuration_recorder_status" "off" { # FAILED
  name       = "regional"
  is_enabled = false
}
