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

resource "aws_iam_role" "of_two" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "passes" { # FAILED
  role   = aws_iam_role.of_two.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }] })
}

resource "aws_iam_role_policy" "runs" { # FAILED
  role   = aws_iam_role.of_two.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" }] })
}

resource "aws_iam_role_policy" "reads" {
  role   = aws_iam_role.of_two.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
