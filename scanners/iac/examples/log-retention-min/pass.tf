resource "aws_cloudwatch_log_group" "a_year" {
  name              = "/aws/eks/main/cluster"
  retention_in_days = 365
}

resource "aws_cloudwatch_log_group" "for_ever" {
  name = "/aws/cloudtrail/main"
}
