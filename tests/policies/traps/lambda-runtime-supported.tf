resource "aws_lambda_function" "old_python" { # FAILED
  runtime = "python3.8"
}
resource "aws_lambda_function" "old_node" { # FAILED
  runtime = "nodejs18.x"
}
resource "aws_lambda_function" "oldest" { # FAILED
  runtime = "nodejs4.3"
}
resource "aws_lambda_function" "never_heard_of" { # UNKNOWN
  runtime = "cobol85"
}
resource "aws_lambda_function" "ends_soon" { # UNKNOWN
  runtime = "dotnet8"
}
resource "aws_lambda_function" "image" { # NOTHING
  package_type = "Image"
}
resource "aws_lambda_function" "patched" { # PASSED
  runtime = "python3.13"
}
variable "runtime" {}
resource "aws_lambda_function" "not_known" { # UNKNOWN
  runtime = var.runtime
}
