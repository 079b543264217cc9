resource "aws_iam_role_policy_attachment" "administrator" { # FAILED
  role       = "everybody"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_group_policy_attachment" "all_of_iam" { # FAILED
  group      = "everybody"
  policy_arn = "arn:aws-cn:iam::aws:policy/IAMFullAccess"
}

resource "aws_iam_role" "administrator" { # FAILED
  assume_role_policy  = "{}"
  managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"]
}

resource "aws_iam_user_policy_attachments_exclusive" "administrator" { # FAILED
  user_name   = "ci"
  policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess-Amplify"]
}

resource "aws_ssoadmin_managed_policy_attachment" "administrator" { # FAILED
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
  managed_policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

data "aws_iam_policy" "administrator" { # FAILED
  name = "AdministratorAccess"
}

resource "aws_iam_user_policy_attachment" "administrator" { # FAILED
  user       = "ci"
  policy_arn = data.aws_iam_policy.administrator.arn
}
