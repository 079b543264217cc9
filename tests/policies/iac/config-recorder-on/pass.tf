resource "aws_config_configuration_aggregator" "everywhere" {
  name = "everywhere"

  account_aggregation_source {
    account_ids = ["123456789012"]
    all_regions = true
  }
}

resource "aws_config_configuration_recorder" "everything" {
  name     = "everything"
  role_arn = "arn:aws:iam::123456789012:role/config"

  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_configuration_recorder_status" "everything" {
  name       = aws_config_configuration_recorder.everything.name
  is_enabled = true
}

# The text of its recorder's name joins nothing, and that it is on is written here.
resource "aws_config_configuration_recorder_status" "by_name" {
  name       = "everything"
  is_enabled = true
}
