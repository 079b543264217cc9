resource "aws_vpc" "seen" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_flow_log" "seen" {
  vpc_id          = aws_vpc.seen.id
  traffic_type    = "ALL"
  log_destination = "arn:aws:logs:eu-west-3:123456789012:log-group:/flow"
  iam_role_arn    = "arn:aws:iam::123456789012:role/flow"
}
