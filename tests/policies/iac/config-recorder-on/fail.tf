resource "aws_config_configuration_aggregator" "one_region" { # FAILED
  name = "paris"

  account_aggregation_source {
    account_ids = ["123456789012"]
    regions     = ["eu-west-3"]
  }
}

resource "aws_config_configuration_recorder" "some_types" { # FAILED
  name     = "some"
  role_arn = "arn:aws:iam::123456789012:role/config"

  recording_group {
    all_supported  = false
    resource_types = ["AWS::S3::Bucket"]
  }
}

resource "aws_config_configuration_recorder_status" "some_types" { # FAILED
  name       = aws_config_configuration_recorder.some_types.name
  is_enabled = false
}
