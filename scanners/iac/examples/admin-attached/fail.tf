resource "aws_iam_role_policy_attachment" "administrator" { # FAILED
  role       = "everybody"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_role_policy_attachment" "all_of_iam" { # FAILED
  role       = "everybody"
  policy_arn = "arn:aws:iam::aws:policy/IAMFullAccess"
}

resource "aws_iam_role" "administrator" { # FAILED
  assume_role_policy  = "{}"
  managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"]
}

data "aws_iam_policy" "administrator" { # FAILED
  name = "AdministratorAccess"
}

resource "aws_iam_role_policy_attachment" "any_role" { # FAILED
  role       = "developers"
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}

resource "aws_iam_group_policy_attachment" "systems" { # FAILED
  group      = "operators"
  policy_arn = "arn:aws:iam::aws:policy/job-function/SystemAdministrator"
}

resource "aws_iam_role_policy_attachment" "all_of_a_service" { # FAILED
  role       = "application"
  policy_arn = "arn:aws-cn:iam::aws:policy/AmazonS3FullAccess"
}

resource "aws_iam_user_policy_attachment" "all_secrets" { # FAILED
  user       = "ci"
  policy_arn = "arn:aws:iam::aws:policy/SecretsManagerReadWrite"
}
