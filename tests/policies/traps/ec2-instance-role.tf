resource "aws_instance" "empty" { # FAILED
  iam_instance_profile = ""
}
variable "profile" {
  type = string
}
resource "aws_instance" "variable" { # UNKNOWN
  iam_instance_profile = var.profile
}
resource "aws_instance" "of_a_template" { # UNKNOWN
  launch_template {
    id = "lt-1"
  }
}
resource "aws_instance" "null" { # FAILED
  iam_instance_profile = null
}
