variable "k" {}
variable "given" {
  sensitive = true
}
data "aws_secretsmanager_secret_version" "s" {
  secret_id = "db/x"
}
resource "random_password" "r" {
  length = 32
}
resource "aws_db_instance" "member_of_a_secret" { # PASSED
  password = jsondecode(data.aws_secretsmanager_secret_version.s.secret_string)["password"]
}
resource "aws_db_instance" "part_of_what_is_made" { # PASSED
  password = substr(random_password.r.result, 0, 20)
}
resource "aws_db_instance" "sign_replaced" { # PASSED
  password = replace(random_password.r.result, "/", "_")
}
resource "aws_db_instance" "given" { # PASSED
  password = trimspace(var.given)
}
resource "aws_db_instance" "literal_behind" { # UNKNOWN
  password = format("%s-hunter2hunter2", var.k)
}
resource "aws_db_instance" "part_of_a_literal" { # FAILED
  password = substr("hunter2hunter2", 0, var.k)
}
resource "aws_db_instance" "literal_or_given" { # FAILED
  password = coalesce(var.given, "hunter2hunter2")
}
resource "aws_db_instance" "one_of_literals" { # FAILED
  password = { a = "hunter2hunter2", b = "hunter3hunter3" }[var.k]
}
provider "aws" { # PASSED
  alias      = "given"
  access_key = var.k
  secret_key = var.given
}
provider "aws" { # UNKNOWN
  alias      = "given_in_part"
  secret_key = "wJ8lrXUtnFEMI/K7MDENG/bPxRfiC${var.k}"
}
provider "aws" { # FAILED
  alias      = "one_of_two"
  access_key = var.k
  secret_key = "wJ8lrXUtnFEMI/K7MDENG/bPxRfiCYzQRmTtKz9a"
}
