resource "aws_s3_access_point" "reports" {
  bucket = "reports"
  name   = "reports"
}

resource "aws_s3_access_point" "inside" {
  bucket = "reports"
  name   = "inside"
  vpc_configuration {
    vpc_id = "vpc-1"
  }
}
