data "aws_iam_policy_document" "escalates" { # FAILED
  statement {
    actions   = ["iam:CreatePolicyVersion"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "escalates" { # FAILED
  name = "escalates"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["iam:CreatePolicyVersion"], Resource = "*" }]
  })
}

data "aws_iam_policy_document" "own" { # FAILED
  statement {
    actions   = ["iam:PutUserPolicy"]
    resources = ["arn:aws:iam::*:user/&{aws:username}"]
  }
}

data "aws_iam_policy_document" "maker" { # FAILED
  statement {
    actions   = ["iam:CreateRole", "iam:AttachRolePolicy"]
    resources = ["arn:aws:iam::111122223333:role/app-*"]
  }
}
