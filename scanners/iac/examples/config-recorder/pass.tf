resource "aws_config_configuration_recorder" "all" {
  role_arn = "arn:aws:iam::111122223333:role/config"

  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

variable "recorder" {
  default = "all"
}

resource "aws_config_configuration_recorder_status" "named_by_a_variable" {
  name       = var.recorder
  is_enabled = true
}
