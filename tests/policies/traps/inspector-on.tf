variable "types" {
  type = list(string)
}
resource "aws_inspector2_enabler" "variable" { # UNKNOWN
  resource_types = var.types
}
resource "aws_inspector2_enabler" "one_not_known" { # UNKNOWN
  resource_types = ["EC2", "ECR", var.types[0]]
}
resource "aws_inspector2_enabler" "other_case" { # FAILED
  resource_types = ["ec2", "ecr", "lambda"]
}
resource "aws_inspector2_enabler" "more" { # PASSED
  resource_types = ["EC2", "ECR", "LAMBDA", "LAMBDA_CODE"]
}
