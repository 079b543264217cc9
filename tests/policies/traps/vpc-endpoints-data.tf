resource "aws_vpc_endpoint" "policy_beside" { # PASSED
  service_name = "com.amazonaws.eu-west-3.dynamodb"
}
resource "aws_vpc_endpoint_policy" "beside" {
  vpc_endpoint_id = aws_vpc_endpoint.policy_beside.id
  policy          = "{}"
}
resource "aws_vpc_endpoint" "empty" { # FAILED
  service_name = "com.amazonaws.eu-west-3.s3"
  policy       = ""
}
variable "service" {
  type = string
}
resource "aws_vpc_endpoint" "service_not_known" { # UNKNOWN
  service_name = var.service
}
resource "aws_vpc_endpoint" "interface_of_s3" { # NOTHING
  service_name      = "com.amazonaws.eu-west-3.s3"
  vpc_endpoint_type = "Interface"
}
resource "aws_vpc_endpoint" "express" { # FAILED
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-3.s3express"
}
