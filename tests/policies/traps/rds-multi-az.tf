resource "aws_db_instance" "text_one" { # PASSED
  multi_az = "1"
}
resource "aws_db_instance" "text_zero" { # FAILED
  multi_az = "0"
}
resource "aws_db_instance" "nothing" { # FAILED
  engine = "mysql"
}
resource "aws_db_instance" "null" { # FAILED
  multi_az = null
}
variable "both" {
  type = bool
}
resource "aws_db_instance" "variable" { # UNKNOWN
  multi_az = var.both
}
