resource "aws_s3_bucket" "of_a_test" {
  tags = { Environment = "test", PersonalData = "no" }
}

resource "aws_db_instance" "of_production" {
  instance_class = "db.t3.small"
  tags           = { Environment = "Production", PersonalData = "yes" }
}

# Nobody declared these: nothing is decided.
resource "aws_s3_bucket" "blue" {
  tags = { Environment = "prod-blue", PersonalData = "yes" }
}

resource "aws_ebs_volume" "neither_yes_nor_no" {
  availability_zone = "eu-west-3a"
  tags              = { Environment = "test", PersonalData = "customers" }
}
