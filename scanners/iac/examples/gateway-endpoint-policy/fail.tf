resource "aws_vpc_endpoint" "s3" { # FAILED
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-3.s3"
}

resource "aws_vpc_endpoint" "interface" {
  vpc_id            = "vpc-1"
  service_name      = "com.amazonaws.eu-west-3.sqs"
  vpc_endpoint_type = "Interface"
}
