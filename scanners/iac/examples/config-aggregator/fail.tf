resource "aws_config_configuration_aggregator" "some" { # FAILED
  name = "some"
  account_aggregation_source {
    account_ids = ["111122223333"]
    regions     = ["eu-west-3"]
  }
}
