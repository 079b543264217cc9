resource "aws_iam_policy" "own" { # PASSED
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::example/*" }]
  })
}
resource "aws_iam_role_policy_attachment" "own" { # PASSED
  role       = "application"
  policy_arn = aws_iam_policy.own.arn
}
resource "aws_iam_role_policy_attachment" "of_the_account" { # UNKNOWN
  role       = "application"
  policy_arn = "arn:aws:iam::123456789012:policy/Everything"
}
resource "aws_iam_role_policy_attachment" "of_the_account_called_as_one_of_aws" { # UNKNOWN
  role       = "application"
  policy_arn = "arn:aws:iam::123456789012:policy/SecurityAudit"
}
data "aws_caller_identity" "current" {}
resource "aws_iam_role_policy_attachment" "of_this_account" { # UNKNOWN
  role       = "application"
  policy_arn = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:policy/SecurityAudit"
}
data "aws_partition" "current" {}
resource "aws_iam_role_policy_attachment" "of_aws_in_any_partition" { # PASSED
  role       = "application"
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/SecurityAudit"
}
data "aws_iam_policy" "everything" { # UNKNOWN
  name = "Everything"
}
resource "aws_iam_role_policy_attachment" "looked_up" { # UNKNOWN
  role       = "application"
  policy_arn = data.aws_iam_policy.everything.arn
}
data "aws_iam_policy" "auditor" { # PASSED
  name = "SecurityAudit"
}
resource "aws_iam_role_policy_attachment" "auditor" { # PASSED
  role       = "application"
  policy_arn = data.aws_iam_policy.auditor.arn
}
data "aws_iam_policy" "administrator" { # FAILED
  arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_iam_role_policy_attachment" "administrator" { # FAILED
  role       = "application"
  policy_arn = data.aws_iam_policy.administrator.arn
}
data "aws_iam_policy" "each" { # UNKNOWN
  for_each = toset(["SecurityAudit", "Everything"])
  name     = each.key
}
resource "aws_iam_role_policy_attachment" "each" { # UNKNOWN
  for_each   = data.aws_iam_policy.each
  role       = "application"
  policy_arn = each.value.arn
}
data "aws_iam_role" "other" {
  name = "other"
}
resource "aws_iam_role_policy_attachment" "of_a_role" { # UNKNOWN
  role       = "application"
  policy_arn = data.aws_iam_role.other.arn
}
resource "aws_iam_role" "of_the_account" { # UNKNOWN
  assume_role_policy  = "{}"
  managed_policy_arns = ["arn:aws:iam::aws:policy/SecurityAudit", "arn:aws:iam::123456789012:policy/Everything"]
}
variable "actions" {}
resource "aws_iam_policy" "actions_that_nobody_knows_on_all_roles" { # UNKNOWN
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.actions, Resource = "arn:aws:iam::111122223333:role/*" }]
  })
}
resource "aws_iam_policy" "all_but_actions_that_nobody_knows_on_all_roles" { # UNKNOWN
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", NotAction = var.actions, Resource = "arn:aws:iam::111122223333:role/*" }]
  })
}
resource "aws_iam_policy" "actions_that_nobody_knows_on_one_role" { # PASSED
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.actions, Resource = "arn:aws:iam::111122223333:role/application" }]
  })
}
