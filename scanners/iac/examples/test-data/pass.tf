resource "aws_s3_bucket" "of_a_test" {
  tags = { Environment = "test", PersonalData = "no" }
}

resource "aws_db_instance" "of_production" {
  instance_class = "db.t3.small"
  tags           = { Environment = "Production", PersonalData = "yes" }
}
